import type { TrafficCall } from '../records.ts';
import type { Calls } from './calls.ts';

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
 * @param calls of one path, in any order. Of the good ones only those beside lost ones are remembered, so there may be any number.
 * @param watched first and last moment at which the path was watched, for outages that reach to an end.
 */
export function outageWindows(calls: Calls, watched?: { from: number; to: number }): Window[] {
  const { lost, doubt } = lostIn(calls);
  if (lost.length === 0) return [];
  const good = goodBetween(calls, { lost, doubt });
  const windows: { first: number; last: number }[] = [];
  lost.forEach(({ call: { start } }, index) => {
    const current = windows.at(-1);
    // Two failures are of one outage when nothing was served between them, or hardly any time passed.
    const joins = good[index] === undefined || start - (lost[index - 1]?.call.start ?? -Infinity) <= MERGE_GAP_MS;
    if (current !== undefined && joins) current.last = index;
    else windows.push({ first: index, last: index });
  });
  return windows.map(({ first, last }) => {
    const own = lost.slice(first, last + 1).map(({ call }) => call);
    const [firstBad, lastBad] = [(own[0]?.start ?? NaN) + doubt, (own.at(-1)?.start ?? NaN) - doubt];
    // A call may have begun before anybody watched, or end after.
    const before = (good[first]?.to ?? Math.min(watched?.from ?? firstBad, firstBad)) - doubt;
    const after = (good[last + 1]?.from ?? Math.max(watched?.to ?? lastBad, lastBad)) + doubt;
    return {
      start: (before + firstBad) / 2,
      end: (lastBad + after) / 2,
      error: { start: (firstBad - before) / 2, end: (after - lastBad) / 2 },
      calls: own,
    };
  });
}

/** A lost call, and which of all calls it is: of those that were sent at the same moment the one that was written down first is the first. */
interface Lost {
  call: TrafficCall;
  index: number;
}

/** The lost calls in the order in which they were sent, and how far the moments of any call may be from the truth, in ms. */
interface AllLost {
  lost: readonly Lost[];
  doubt: number;
}

function lostIn(calls: Calls): AllLost {
  const lost: Lost[] = [];
  let [index, doubt] = [0, 0];
  for (const call of calls) {
    if (isLost(call)) lost.push({ call, index });
    doubt = Math.max(doubt, call.clockErrorMs ?? 0);
    index++;
  }
  return { lost: lost.sort((a, b) => a.call.start - b.call.start || a.index - b.index), doubt };
}

/**
 * When the first and the last good call were sent before each of the lost ones and after the one before it, and after the last; undefined
 * where there is none. A good call of which nobody knows whether it was sent before a lost one or after says nothing about an edge.
 */
function goodBetween(calls: Calls, { lost, doubt }: AllLost): ({ from: number; to: number } | undefined)[] {
  const between: ({ from: number; to: number } | undefined)[] = Array.from({ length: lost.length + 1 });
  let index = -1;
  for (const call of calls) {
    index++;
    if (isLost(call)) continue;
    const { start } = call;
    const gap = lostBefore(lost, start, index);
    if (within(lost[gap - 1], start, 2 * doubt) || within(lost[gap], start, 2 * doubt)) continue;
    const known = between[gap];
    if (known === undefined) between[gap] = { from: start, to: start };
    else if (start < known.from) known.from = start;
    else if (start > known.to) known.to = start;
  }
  return between;
}

function within(lost: Lost | undefined, start: number, ms: number): boolean {
  return lost !== undefined && Math.abs(lost.call.start - start) < ms;
}

/** How many lost calls were sent before a call, by halving. */
function lostBefore(lost: readonly Lost[], start: number, index: number): number {
  let [low, high] = [0, lost.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = lost[middle];
    if (other === undefined) break;
    if (other.call.start < start || (other.call.start === start && other.index < index)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The stalls of one path: intervals in which calls were served, but more than `limitMs` after they were due. Calls that wait for the same
 * stall overlap; it lasts from the moment at which the first of them was due to the end of the last one.
 */
export function stallWindows(calls: Calls, limitMs: number): Window[] {
  const slow = [...calls.filter((call) => !isLost(call) && waited(call) > limitMs)].sort((a, b) => a.due - b.due);
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
    longestMs: lengths.reduce((longest, length) => Math.max(longest, length), 0),
    totalMs: lengths.reduce((sum, length) => sum + length, 0),
  };
}
