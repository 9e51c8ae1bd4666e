import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import { withFileLock } from '../file-lock.ts';

/** What is kept of work that was done once: its result, or why it failed. */
type Kept<T> = { value: T } | { failure: { message: string; mistakes?: readonly Mistake[] } };

/**
 * Does `work` once for all processes that share `file`; the others wait and get the same result, or the same failure. What it returns
 * must survive being written as JSON.
 * @throws what the one that did it threw: UserError, or Error with its message.
 */
export async function once<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  return unpack(
    read<T>(file) ?? (await withFileLock(file, async () => read<T>(file) ?? write(file, await attempt(work)))),
  );
}

function read<T>(file: string): Kept<T> | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept<T>) : undefined;
}

/** Renamed into place, so that a reader never sees half a file. */
function write<T>(file: string, kept: Kept<T>): Kept<T> {
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, JSON.stringify(kept, undefined, 2));
  renameSync(draft, file);
  return kept;
}

async function attempt<T>(work: () => Promise<T>): Promise<Kept<T>> {
  try {
    return { value: await work() };
  } catch (thrown) {
    return {
      failure: { message: messageOf(thrown), ...(thrown instanceof UserError ? { mistakes: thrown.mistakes } : {}) },
    };
  }
}

function unpack<T>(kept: Kept<T>): T {
  if ('value' in kept) return kept.value;
  const [first, ...rest] = kept.failure.mistakes ?? [];
  throw first === undefined ? new Error(kept.failure.message) : new UserError(first, ...rest);
}
