import type { TrafficCall } from '../traffic/records.ts';
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
export function recoveryOf(calls: readonly TrafficCall[], { from, to }: { from: number; to: number }): Recovery {
  const during = calls.filter(({ start, end }) => end > from && start > from - IN_FLIGHT_MS && start < to);
  const own = during.filter(({ path }) => PATHS.includes(path)).toSorted((a, b) => a.start - b.start);
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
    sessionCallsLost: during.filter((call) => call.path === 'session' && isLost(call)).length,
    recoveredAt: goodAfter.length === 0 ? undefined : lost.length === 0 ? from : goodAfter[0]?.start,
    goodAfter,
    longestOutageMs: Math.max(0, ...short.map(lengthOf)),
  };
}

/** Calls that were lost in the last moments before a failure: then it cannot be told what the failure did. */
export function lostBefore(calls: readonly TrafficCall[], from: number, withinMs: number): TrafficCall[] {
  return calls.filter(
    (call) => PATHS.includes(call.path) && call.start >= from - withinMs && call.end <= from && isLost(call),
  );
}
