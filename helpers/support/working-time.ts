import { IANAZone } from 'luxon';
import { weekdayOf } from './hours.ts';
import type { Hours, WeeklyHours } from './hours.ts';

/** From `start` up to, but without, `end`; in ms since the epoch. */
export interface Interval {
  start: number;
  end: number;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Shorter than the time between any two changes of a zone's offset. */
const STRIDE = 360 * MINUTE;

/**
 * The working time between two moments, as intervals in ascending order that do not overlap. A moment belongs to the hours when
 * its local time of day does, so an hour that a change to winter time repeats counts twice, and one that is skipped not at all.
 */
export function workingIntervals(hours: Hours, from: number, to: number): Interval[] {
  if (to <= from) return [];
  if (hours === '24x7') return [{ start: from, end: to }];
  return merged(
    steadyParts(IANAZone.create(hours.timeZone), from, to).flatMap((part) =>
      localWindows(hours, part).flatMap((window) => within(window, part)),
    ),
  );
}

/** How much working time lies between two moments, in ms. */
export function workingTime(hours: Hours, from: number, to: number): number {
  return lengthOf(workingIntervals(hours, from, to));
}

/** How much of the time asked for lies within what is offered by any of several people: 0 to 1, or undefined when none is asked for. */
export function coveredShare(asked: Hours, offered: readonly Hours[], from: number, to: number): number | undefined {
  const wanted = workingIntervals(asked, from, to);
  const total = lengthOf(wanted);
  if (total === 0) return undefined;
  const given = merged(offered.flatMap((hours) => workingIntervals(hours, from, to)));
  return lengthOf(intersection(wanted, given)) / total;
}

/** A stretch of time over which the zone's offset from UTC does not change. */
interface Part extends Interval {
  /** In ms; local time is UTC plus this. */
  offset: number;
}

function steadyParts(zone: IANAZone, from: number, to: number): Part[] {
  const offsetAt = (moment: number) => zone.offset(moment) * MINUTE;
  const parts: Part[] = [];
  let part: Part = { start: from, end: from, offset: offsetAt(from) };
  while (part.end < to) {
    const next = Math.min(part.end + STRIDE, to);
    if (offsetAt(next) === part.offset) {
      part.end = next;
      continue;
    }
    part.end = changeBetween(offsetAt, part.end, next);
    parts.push(part);
    part = { start: part.end, end: part.end, offset: offsetAt(part.end) };
  }
  return [...parts, part];
}

/** The first ms at which the offset is no longer that of `before`. */
function changeBetween(offsetAt: (moment: number) => number, before: number, after: number): number {
  const offset = offsetAt(before);
  let [low, high] = [Math.floor(before), Math.ceil(after)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** The windows of every day that the part touches, as moments under the part's offset. */
function localWindows({ week, holidays }: WeeklyHours, { start, end, offset }: Part): Interval[] {
  const off = new Set(holidays.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY));
  const first = Math.floor((start + offset) / DAY);
  const last = Math.floor((end + offset) / DAY);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((day) => !off.has(day))
    .flatMap((day) =>
      week
        .filter(({ days }) => days.includes(weekdayOf(day)))
        .map((window) => ({
          start: day * DAY + msOfDay(window.from) - offset,
          end: day * DAY + msOfDay(window.to) - offset,
        })),
    );
}

function msOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return (hour * 60 + minute) * MINUTE;
}

function within({ start, end }: Interval, bounds: Interval): Interval[] {
  const cut = { start: Math.max(start, bounds.start), end: Math.min(end, bounds.end) };
  return cut.start < cut.end ? [cut] : [];
}

/** The same time without overlaps, in ascending order. */
function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** Of two lists as `merged` gives them. */
function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i], b[j]];
    if (one === undefined || other === undefined) break;
    result.push(...within(one, other));
    if (one.end < other.end) i++;
    else j++;
  }
  return result;
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + end - start, 0);
}
