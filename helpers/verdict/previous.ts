import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isRunId } from '../run/id.ts';
import { parseVerdict } from './verdict-file.ts';
import type { RunVerdict } from './types.ts';

/** In a run's folder: the verdict that it is compared with, or `null`. Kept, so that a rebuilt page is the same wherever it is rebuilt. */
const KEPT = 'previous.json';

/**
 * The verdict of the last run before this one that tried anything of what this one tried: the one that was kept with the run, else looked for
 * beside it. One that cannot be read is passed over.
 */
export function previousVerdict(runFolder: string, verdict: RunVerdict): RunVerdict | undefined {
  const kept = join(runFolder, KEPT);
  if (existsSync(kept)) return readableIn(kept);
  const folder = resolve(runFolder);
  const [own, runs] = [basename(folder), dirname(folder)];
  if (!isRunId(own)) return undefined;
  const earlier = readdirSync(runs).filter((name) => isRunId(name) && name < own);
  for (const name of earlier.toSorted().toReversed()) {
    const found = readableIn(join(runs, name, 'verdict.json'));
    if (found !== undefined && isComparable(found, verdict)) return found;
  }
  return undefined;
}

/** Keeps with a run what it is compared with, unless something is kept already. */
export function keepPrevious(runFolder: string, previous: RunVerdict | undefined): void {
  const file = join(runFolder, KEPT);
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(previous ?? null)}\n`);
}

function isComparable(before: RunVerdict, after: RunVerdict): boolean {
  const tried = ({ standards }: RunVerdict) =>
    standards
      .filter(({ items }) => items.some(({ status }) => status !== 'not-run'))
      .map(({ standard, target }) => JSON.stringify([standard, target]));
  const keys = new Set(tried(before));
  return tried(after).some((key) => keys.has(key));
}

function readableIn(file: string): RunVerdict | undefined {
  try {
    return parseVerdict(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
