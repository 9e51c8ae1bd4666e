import type { MachineTime, TrafficCall, TrafficEnd } from '../records.ts';
import type { Calls } from './calls.ts';
import { Durations } from './latency.ts';
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
export function sightOf(calls: Calls, end: TrafficEnd, limitMs: number): Sight {
  const control = calls.filter(({ path }) => path === 'control');
  const scheduled = calls.filter(({ launched }) => launched !== true);
  const delay = new Durations();
  for (const { due, start } of scheduled) delay.add(start - due);
  return {
    due: end.due,
    sent: scheduled.length,
    delay: delay.latency,
    late: [...scheduled.filter(({ due, start }) => start - due > limitMs)],
    controlOutages: outageWindows(control),
    control: control.length,
    cpuShare: end.elapsedMs === 0 ? 0 : end.cpuMs / end.elapsedMs,
  };
}

/**
 * The smallest outage that could not have been missed between `from` and `to`, in ms: one that is at least as long as the longest pause
 * between two calls of the path, and what is not known of their clocks. Undefined when fewer than two calls were sent in that time.
 */
export function smallestOutage(calls: Calls, { from, to }: { from: number; to: number }): number | undefined {
  const own = calls.filter(({ start }) => start >= from && start <= to);
  if (own.length < 2) return undefined;
  const starts = new Float64Array(own.length);
  let [index, doubt] = [0, 0];
  for (const { start, clockErrorMs = 0 } of own) {
    starts[index++] = start;
    doubt = Math.max(doubt, clockErrorMs);
  }
  let [longest, before] = [0, from];
  for (const start of starts.sort()) {
    longest = Math.max(longest, start - before);
    before = start;
  }
  return Math.max(longest, to - before) + 2 * doubt;
}

/** What is known of a standing session. */
interface Session {
  /** Start of its first call, and which of all calls that is. */
  first: { start: number; index: number };
  /** The call that was sent last. */
  last: TrafficCall;
  calls: number;
  /** Of them, those that ended before the change. */
  before: number;
  lostBefore: number;
}

/**
 * Standing sessions: those that were well before the change, and what became of them. A session is kept when its last call was served
 * without being opened anew; single calls that failed meanwhile are lost calls, not lost sessions.
 */
export function sessionsOf(calls: Calls, change: { start: number }): { watched: number; lost: TrafficCall[] } {
  const watched = [...sessionsIn(calls, change).values()]
    .filter(({ calls: all, before, lostBefore }) => before > 0 && lostBefore === 0 && before < all)
    .sort((a, b) => a.first.start - b.first.start || a.first.index - b.first.index);
  return { watched: watched.length, lost: watched.map(({ last }) => last).filter(isLost) };
}

function sessionsIn(calls: Calls, change: { start: number }): Map<number | undefined, Session> {
  const sessions = new Map<number | undefined, Session>();
  let index = -1;
  for (const call of calls) {
    index++;
    if (call.path !== 'session') continue;
    const { start, end, session: number } = call;
    const known = sessions.get(number) ?? { first: { start, index }, last: call, calls: 0, before: 0, lostBefore: 0 };
    sessions.set(number, known);
    if (start < known.first.start) known.first = { start, index };
    if (start >= known.last.start) known.last = call;
    known.calls++;
    if (end > change.start) continue;
    known.before++;
    if (isLost(call)) known.lostBefore++;
  }
  return sessions;
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
