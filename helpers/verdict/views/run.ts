import type { History } from '../../history/history.ts';
import type { ItemVerdict, RunVerdict, StandardVerdict } from '../types.ts';

/** What views for machines say about a run beside its verdict. Missing is what was not recorded. */
export interface ViewedRun {
  provider?: string;
  kubernetesVersion?: string;
  /** From `run.json`; moments are ISO 8601, UTC. */
  about?:
    { startedAt?: string | undefined; endedAt?: string | undefined; seatrialVersion?: string | undefined } | undefined;
  targets: readonly {
    declared: { name: string; kind?: string | undefined };
    histories: ReadonlyMap<string, History>;
  }[];
}

/** An interval in whole milliseconds since the epoch. */
export interface Span {
  start: number;
  stop: number;
}

/** From the first record of a history to its last; undefined when it has no beginning. */
export function spanOf(history: History): Span | undefined {
  const { begin, records } = history;
  if (begin === undefined) return undefined;
  const last = records.at(-1);
  const stop = last === undefined ? begin.at : 'end' in last ? last.end : last.at;
  return { start: Math.round(begin.at), stop: Math.round(Math.max(begin.at, stop)) };
}

/** When the run began and ended: as recorded, and for a run that was killed as far as its histories reach. */
export function runSpan({ about, targets }: Pick<ViewedRun, 'about' | 'targets'>): Span {
  const spans = targets.flatMap(({ histories }) => [...histories.values()].flatMap((history) => spanOf(history) ?? []));
  const first = momentOf(about?.startedAt) ?? Math.min(...spans.map(({ start }) => start));
  const start = Number.isFinite(first) ? first : 0;
  return { start, stop: Math.max(start, momentOf(about?.endedAt) ?? 0, ...spans.map(({ stop }) => stop)) };
}

/** In ms since the epoch; undefined when the text says no moment. */
export function momentOf(text: string | undefined): number | undefined {
  const moment = Date.parse(text ?? '');
  return Number.isFinite(moment) ? moment : undefined;
}

/** Whether everything that was asked for has passed: the run came to its end, something was tried, and none of it is red. */
export function hasPassed({ complete, standards }: Pick<RunVerdict, 'complete' | 'standards'>): boolean {
  const tried = standards.flatMap(({ items }) => items).filter(({ status }) => status !== 'not-run');
  return complete && tried.some(({ status }) => status === 'pass') && !tried.some(isRed);
}

export function isRed({ status }: Pick<ItemVerdict, 'status'>): boolean {
  return status === 'fail' || status === 'inconclusive';
}

/** The targets of a run with what each standard says about them, in the order of the verdict. */
export function byTarget({ standards }: Pick<RunVerdict, 'standards'>): Map<string, StandardVerdict[]> {
  return Map.groupBy(standards, ({ target }) => target);
}
