import type { TrafficCall } from '../records.ts';

/**
 * Calls in the order in which they were written down, which is the one in which they ended. An array will do; the millions of a long
 * history lie in columns, and each call is there only while it is looked at. Whoever reads them keeps the few that matter.
 */
export interface Calls extends Iterable<TrafficCall> {
  readonly length: number;
  filter(keep: (call: TrafficCall) => boolean): Calls;
  find(is: (call: TrafficCall) => boolean): TrafficCall | undefined;
  findLast(is: (call: TrafficCall) => boolean): TrafficCall | undefined;
  some(is: (call: TrafficCall) => boolean): boolean;
}

/** How many calls are like that. */
export function countOf(calls: Calls, is: (call: TrafficCall) => boolean): number {
  let count = 0;
  for (const call of calls) if (is(call)) count++;
  return count;
}

/** The first calls, at most that many. */
export function firstOf(calls: Calls, most: number): TrafficCall[] {
  const first: TrafficCall[] = [];
  for (const call of calls) {
    if (first.length >= most) break;
    first.push(call);
  }
  return first;
}

/** When the first call and when the last one was sent, in ms since the epoch; from above to where there is none. */
export function startsOf(calls: Calls): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (const { start } of calls) {
    if (start < from) from = start;
    if (start > to) to = start;
  }
  return { from, to };
}

/** The calls that ended first and last; of several at the same moment the first and the last that was written down. */
export function endsOf(calls: Calls): { first: TrafficCall; last: TrafficCall } | undefined {
  let [first, last]: (TrafficCall | undefined)[] = [];
  for (const call of calls) {
    if (first === undefined || call.end < first.end) first = call;
    if (last === undefined || call.end >= last.end) last = call;
  }
  return first === undefined || last === undefined ? undefined : { first, last };
}
