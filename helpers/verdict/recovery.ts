import type { TrafficCall } from '../traffic/records.ts';
import { countOf } from '../traffic/analysis/calls.ts';
import type { Calls } from '../traffic/analysis/calls.ts';
import type { PathName } from '../traffic/plan.ts';
import { isLost, lengthOf, outageWindows } from '../traffic/analysis/windows.ts';

/**
 * Paths on which the end of a failure is looked for. Standing sessions are not among them: where they live in a replica's memory they die
 * with it, and a client opens a new one.
 */
const PATHS: readonly PathName[] = ['new-connection', 'kept-alive', 'in-flight'];

/** Calls that began so long before a failure may be hurt by it, in ms: the longest that are in flight all the time. */
const IN_FLIGHT_MS = 6_000;

/** What clients saw of a failure. */
export interface Recovery {
  /** Calls that could be hurt by it. */
  calls: TrafficCall[];
  lost: TrafficCall[];
  /** Standing sessions: calls of theirs that were lost. */
  sessionCallsLost: number;
  /** Start of the first good call after which none fails; undefined when calls fail to the end. */
  recoveredAt: number | undefined;
  /** Good calls from then on. */
  goodAfter: TrafficCall[];
  /** Longest outage of a path of short calls, in ms. */
  longestOutageMs: number;
}

/**
 * @param calls of the whole experiment.
 * @param window when the failure was made, and until when it was watched, in ms since the epoch.
 */
export function recoveryOf(calls: Calls, { from, to }: { from: number; to: number }): Recovery {
  const during = calls.filter(({ start, end }) => end > from && start > from - IN_FLIGHT_MS && start < to);
  const own = [...during.filter(({ path }) => PATHS.includes(path))].sort((a, b) => a.start - b.start);
  const lost = own.filter(isLost);
  const lastLost = lost.at(-1)?.start ?? -Infinity;
  const goodAfter = own.filter((call) => !isLost(call) && call.start > Math.max(lastLost, from));
  const short = (['new-connection', 'kept-alive'] as const).flatMap((path) =>
    outageWindows(
      own.filter((call) => call.path === path),
      { from, to },
    ),
  );
  return {
    calls: own,
    lost,
    sessionCallsLost: countOf(during, (call) => call.path === 'session' && isLost(call)),
    recoveredAt: goodAfter.length === 0 ? undefined : lost.length === 0 ? from : goodAfter[0]?.start,
    goodAfter,
    longestOutageMs: Math.max(0, ...short.map(lengthOf)),
  };
}

/** Calls of these last moments before a failure show whether the target was well, in ms. */
const BEFORE_MS = 4_000;
/** A short call that has waited longer than this was in trouble already, unless the target is always that slow. In ms. */
const SLOW_MS = 1_000;

/**
 * Why the target was not well when a failure was made, so that nothing can be said about the failure; undefined when it was. A call that
 * waits in vain is lost only when its client gives up, which is long after the failure: what counts is when it began.
 * @param from when the failure was made, in ms since the epoch.
 */
export function troubleBefore(calls: Calls, from: number): string | undefined {
  const short = [
    ...calls.filter(
      ({ path, start }) => ['new-connection', 'kept-alive'].includes(path) && start >= from - BEFORE_MS && start < from,
    ),
  ];
  const served = short.filter((call) => !isLost(call) && call.end <= from);
  if (served.length === 0) return 'no call was served in the last moments before the failure was made';
  const usual = Math.max(SLOW_MS, ...served.map(({ start, end }) => end - start));
  const lost = short.filter((call) => isLost(call) && (call.end <= from || call.start <= from - usual));
  if (lost.length === 0) return undefined;
  return `${String(lost.length)} of ${String(short.length)} calls were lost before the failure was made`;
}
