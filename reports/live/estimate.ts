import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { spansIn } from '../../helpers/history/span.ts';
import type { Span } from '../../helpers/history/span.ts';
import { isRunId } from '../../helpers/run/id.ts';

/** How many earlier runs are looked at, the latest first: machines and targets change. */
const RUNS = 10;

/**
 * How long experiments on a target took in earlier runs, in ms: the median, by their id. Only those count that came to their end: what was
 * aborted says nothing about how long it takes.
 */
export function earlierDurations(runFolder: string, target: string): Map<string, number> {
  const runs = dirname(resolve(runFolder));
  if (!existsSync(runs)) return new Map();
  const earlier = readdirSync(runs)
    .filter((id) => isRunId(id) && join(runs, id) !== resolve(runFolder))
    // Their names sort by time.
    .toSorted()
    .slice(-RUNS);
  const taken = new Map<string, number[]>();
  for (const [experiment, { begin, end, status }] of earlier.flatMap((id) => [...spansIn(join(runs, id), target)])) {
    if (end === undefined || status !== 'completed') continue;
    taken.set(experiment, [...(taken.get(experiment) ?? []), end - begin]);
  }
  return new Map([...taken].map(([experiment, all]) => [experiment, median(all)]));
}

export interface TimeLeft {
  /** In ms. */
  ms: number;
  /** Experiments that never came to their end in an earlier run, and so are not in `ms`. */
  unknown: number;
}

/**
 * How long a run still takes. Each experiment runs once, whoever asks for it first.
 * @param asked the experiments behind what has not ended yet.
 * @param now in ms since the epoch.
 */
export function timeLeft(
  asked: Iterable<string>,
  { durations, spans, now }: { durations: ReadonlyMap<string, number>; spans: ReadonlyMap<string, Span>; now: number },
): TimeLeft {
  const left = [...new Set(asked)].filter((id) => spans.get(id)?.end === undefined);
  const known = left.flatMap((id) => {
    const duration = durations.get(id);
    const begin = spans.get(id)?.begin;
    // What already takes longer than ever before is about to end.
    return duration === undefined ? [] : [Math.max(0, duration - (begin === undefined ? 0 : now - begin))];
  });
  return { ms: known.reduce((sum, ms) => sum + ms, 0), unknown: left.length - known.length };
}

/** `about 41 min left`, as precise as an estimate is. Empty when nothing is known, or nothing is left. */
export function describeTimeLeft({ ms, unknown }: TimeLeft): string {
  if (ms === 0) return '';
  const minutes = ms / 60_000;
  const about = minutes < 1 ? 'less than a minute' : `about ${String(Math.round(minutes))} min`;
  const more =
    unknown === 0 ? '' : `, and ${String(unknown)} ${unknown === 1 ? 'experiment' : 'experiments'} of unknown length`;
  return `${about} left${more}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
