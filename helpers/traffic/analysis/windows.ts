import type { TrafficCall } from '../records.ts';

/** An interval in which calls failed, or were served late. Moments in ms since the epoch. */
export interface Window {
  /** Best estimates of the edges; the truth lies within `error` ms of each. */
  start: number;
  end: number;
  error: { start: number; end: number };
  /** Calls that carry it. */
  calls: TrafficCall[];
}

/** Failures that lie closer together than this belong to one outage: of two replicas one may still serve every other call. In ms. */
export const MERGE_GAP_MS = 250;

export function isLost({ outcome }: Pick<TrafficCall, 'outcome'>): boolean {
  return outcome !== 'served';
}

/**
 * The outages of one path. An outage lies between the last good call before it and the first good call after it; its edges are estimated
 * in the middle between a good and a failed call, so that the error is half the distance, whatever the rate; it is more by what is not known
 * of clocks, where calls of several machines were brought together.
 * @param calls of one path, in any order.
 * @param watched first and last moment at which the path was watched, for outages that reach to an end.
 */
export function outageWindows(calls: readonly TrafficCall[], watched?: { from: number; to: number }): Window[] {
  const sorted = calls.toSorted((a, b) => a.start - b.start);
  const windows: { first: number; last: number }[] = [];
  sorted.forEach((call, index) => {
    if (!isLost(call)) return;
    const current = windows.at(-1);
    const previous = current === undefined ? undefined : sorted[current.last];
    if (current !== undefined && previous !== undefined && joins(sorted, current.last, index)) current.last = index;
    else windows.push({ first: index, last: index });
  });
  return windows.map(({ first, last }) => windowBetween(sorted, first, last, watched));
}

/** Two failures are of one outage when nothing was served between them, or hardly any time passed. */
function joins(sorted: readonly TrafficCall[], last: number, index: number): boolean {
  if (index === last + 1) return true;
  return (sorted[index]?.start ?? 0) - (sorted[last]?.start ?? 0) <= MERGE_GAP_MS;
}

function windowBetween(
  sorted: readonly TrafficCall[],
  first: number,
  last: number,
  watched: { from: number; to: number } | undefined,
): Window {
  const firstBad = momentOf(sorted[first]);
  const lastBad = momentOf(sorted[last]);
  const before = earlier(sorted, first);
  const after = later(sorted, last);
  // A call may have begun before anybody watched, or end after.
  const start = {
    from: before?.from ?? Math.min(watched?.from ?? firstBad.from, firstBad.from),
    to: firstBad.to,
  };
  const end = { from: lastBad.from, to: after?.to ?? Math.max(watched?.to ?? lastBad.to, lastBad.to) };
  return {
    start: (start.from + start.to) / 2,
    end: (end.from + end.to) / 2,
    error: { start: (start.to - start.from) / 2, end: (end.to - end.from) / 2 },
    calls: sorted.slice(first, last + 1).filter(isLost),
  };
}

/** When a call began: a moment where one clock told it, and an interval where clocks of several machines were brought together. */
interface Moment {
  from: number;
  to: number;
}

function momentOf(call: TrafficCall | undefined): Moment {
  const { start = 0, clockErrorMs = 0 } = call ?? {};
  return { from: start - clockErrorMs, to: start + clockErrorMs };
}

/** The last call that surely began before the one at `index`, whatever is not known of the clocks. */
function earlier(sorted: readonly TrafficCall[], index: number): Moment | undefined {
  const limit = momentOf(sorted[index]).from;
  for (let at = index - 1; at >= 0; at--) {
    const moment = momentOf(sorted[at]);
    if (moment.to <= limit) return moment;
  }
  return undefined;
}

/** The first call that surely began after the one at `index`. */
function later(sorted: readonly TrafficCall[], index: number): Moment | undefined {
  const limit = momentOf(sorted[index]).to;
  for (let at = index + 1; at < sorted.length; at++) {
    const moment = momentOf(sorted[at]);
    if (moment.from >= limit) return moment;
  }
  return undefined;
}

/**
 * The stalls of one path: intervals in which calls were served, but more than `limitMs` after they were due. Calls that wait for the same
 * stall overlap; it lasts from the moment at which the first of them was due to the end of the last one.
 */
export function stallWindows(calls: readonly TrafficCall[], limitMs: number): Window[] {
  const slow = calls.filter((call) => !isLost(call) && waited(call) > limitMs).toSorted((a, b) => a.due - b.due);
  const windows: Window[] = [];
  for (const call of slow) {
    const current = windows.at(-1);
    if (current !== undefined && call.due <= current.end) {
      current.end = Math.max(current.end, call.end);
      current.calls.push(call);
      current.error.end = Math.max(current.error.end, call.clockErrorMs ?? 0);
    } else {
      const { due: start, end, clockErrorMs = 0 } = call;
      windows.push({ start, end, error: { start: clockErrorMs, end: clockErrorMs }, calls: [call] });
    }
  }
  return windows;
}

/** What a client waited beyond the call's own length, in ms, from the moment at which it would have called. */
export function waited({ due, end, length = 0 }: Pick<TrafficCall, 'due' | 'end' | 'length'>): number {
  return end - due - length * 1000;
}

export function lengthOf({ start, end }: Pick<Window, 'start' | 'end'>): number {
  return end - start;
}

/** Count, longest and total of windows, in ms. */
export function summaryOf(windows: readonly Window[]): { count: number; longestMs: number; totalMs: number } {
  const lengths = windows.map(lengthOf);
  return {
    count: windows.length,
    longestMs: Math.max(0, ...lengths),
    totalMs: lengths.reduce((sum, length) => sum + length, 0),
  };
}
