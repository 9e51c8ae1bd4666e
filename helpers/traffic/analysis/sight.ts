import type { MachineTime, TrafficCall, TrafficEnd } from '../records.ts';
import { percentilesOf } from './latency.ts';
import type { Latency } from './latency.ts';
import { isLost, outageWindows } from './windows.ts';
import type { Window } from './windows.ts';

/** How well the observer saw. */
export interface Sight {
  /** Calls sent, of those that came due. */
  due: number;
  sent: number;
  /** How late calls were sent, in ms. */
  delay: Latency;
  /** Calls that were sent later than the limit. */
  late: TrafficCall[];
  /** Outages of the control endpoint, which the change does not touch: then it was the network or the observer. */
  controlOutages: Window[];
  /** Calls to the control endpoint. */
  control: number;
  /** Share of one core that the observer took. */
  cpuShare: number;
}

/** @param limitMs later than this a call counts as late. */
export function sightOf(calls: readonly TrafficCall[], end: TrafficEnd, limitMs: number): Sight {
  const control = calls.filter(({ path }) => path === 'control');
  const scheduled = calls.filter(({ launched }) => launched !== true);
  return {
    due: end.due,
    sent: scheduled.length,
    delay: percentilesOf(scheduled.map(({ due, start }) => start - due)),
    late: scheduled.filter(({ due, start }) => start - due > limitMs),
    controlOutages: outageWindows(control),
    control: control.length,
    cpuShare: end.elapsedMs === 0 ? 0 : end.cpuMs / end.elapsedMs,
  };
}

/**
 * The smallest outage that could not have been missed between `from` and `to`, in ms: one that is at least as long as the longest pause
 * between two calls of the path, and what is not known of their clocks. Undefined when fewer than two calls were sent in that time.
 */
export function smallestOutage(
  calls: readonly TrafficCall[],
  { from, to }: { from: number; to: number },
): number | undefined {
  const within = calls.filter(({ start }) => start >= from && start <= to).toSorted((a, b) => a.start - b.start);
  if (within.length < 2) return undefined;
  const moments = [
    { at: from, error: 0 },
    ...within.map(({ start, clockErrorMs = 0 }) => ({ at: start, error: clockErrorMs })),
    { at: to, error: 0 },
  ];
  return Math.max(
    ...moments.slice(1).map((moment, index) => {
      const { at, error } = moments[index] ?? moment;
      return moment.at - at + moment.error + error;
    }),
  );
}

/**
 * Standing sessions: those that were well before the change, and what became of them. A session is kept when its last call was served
 * without being opened anew; single calls that failed meanwhile are lost calls, not lost sessions.
 */
export function sessionsOf(
  calls: readonly TrafficCall[],
  change: { start: number },
): { watched: number; lost: TrafficCall[] } {
  const sessions = Map.groupBy(
    calls.filter(({ path }) => path === 'session').toSorted((a, b) => a.start - b.start),
    ({ session }) => session,
  );
  const watched = [...sessions.values()].filter((own) => {
    const before = own.filter(({ end }) => end <= change.start);
    return before.length > 0 && !before.some(isLost) && before.length < own.length;
  });
  const last = watched.flatMap((own) => own.at(-1) ?? []);
  return { watched: watched.length, lost: last.filter(isLost) };
}

/**
 * Share of the machine's CPU time, from 0 to 1, that its host gave to others between two moments: what was slow then may have been the
 * host. Undefined where it was not written down often enough to tell.
 */
export function stolenShare(
  times: readonly MachineTime[],
  { from, to }: { from: number; to: number },
): number | undefined {
  const first = times.findLast(({ at }) => at <= from) ?? times[0];
  const last = times.find(({ at }) => at >= to) ?? times.at(-1);
  if (first === undefined || last === undefined || last.total <= first.total) return undefined;
  return (last.stolen - first.stolen) / (last.total - first.total);
}
