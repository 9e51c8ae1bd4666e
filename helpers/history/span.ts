import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { BeginRecord, EndRecord } from './records.ts';

/** When an experiment ran. Moments in ms since the epoch. */
export interface Span {
  begin: number;
  /** Undefined while it runs, and when it was cut off. */
  end?: number;
  status?: EndRecord['status'];
}

/** Bytes that hold the first or the last line of a history: both are short, but for the error of an aborted one. */
const LINE = 16 * 1024;

/** When the experiment of this history ran, read from its first and last line alone; undefined when it has not begun. */
function spanOf(file: string): Span | undefined {
  if (!existsSync(file)) return undefined;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const first = parsed<BeginRecord>(read(descriptor, 0).split('\n', 1)[0]);
    const last = parsed<EndRecord>(
      read(descriptor, Math.max(0, size - LINE))
        .trimEnd()
        .split('\n')
        .at(-1),
    );
    if (first?.type !== 'begin' || typeof first.at !== 'number') return undefined;
    if (last?.type !== 'end' || typeof last.at !== 'number') return { begin: first.at };
    return { begin: first.at, end: last.at, status: last.status ?? 'aborted' };
  } finally {
    closeSync(descriptor);
  }
}

/** The spans of all experiments on one target in a run's folder, by the experiment's id. */
export function spansIn(runFolder: string, target: string): Map<string, Span> {
  const folder = join(runFolder, 'experiments', target);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder).flatMap((experiment) => {
      const span = spanOf(join(folder, experiment, 'history.jsonl'));
      return span === undefined ? [] : [[experiment, span] as const];
    }),
  );
}

function read(descriptor: number, position: number): string {
  const buffer = Buffer.alloc(LINE);
  return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, LINE, position));
}

/** Half a line, as a kill leaves it, is no record. */
function parsed<T>(line: string | undefined): Partial<T> | undefined {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
