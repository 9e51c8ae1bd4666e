import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { weekdays, type Hours, type WeeklyHours } from '../../../../helpers/support/hours.ts';
import { coveredShare, workingIntervals, workingTime } from '../../../../helpers/support/working-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Zones with summer time on both halves of the earth, by half an hour, without it, and with odd offsets. */
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Asia/Kathmandu', 'UTC'];
const office: WeeklyHours = {
  timeZone: 'Europe/Berlin',
  week: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '17:00' }],
  holidays: ['2026-12-25'],
};

const timeOfDay = fc.integer({ min: 0, max: 1440 });
const text = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const window = fc
  .tuple(fc.subarray([...weekdays], { minLength: 1 }), timeOfDay, timeOfDay)
  .filter(([, from, to]) => from !== to)
  .map(([days, a, b]) => ({ days, from: text(Math.min(a, b)), to: text(Math.max(a, b)) }));
/** Holidays near the changes of the clock, where they would go wrong first. */
const holiday = fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-03-08', '2026-12-25');
const weekly: fc.Arbitrary<WeeklyHours> = fc.record({
  timeZone: fc.constantFrom(...zones),
  week: fc.array(window, { minLength: 1, maxLength: 3 }),
  holidays: fc.array(holiday, { maxLength: 2 }),
});
const hours: fc.Arbitrary<Hours> = fc.oneof(weekly, fc.constant('24x7' as const));
const moment = fc.integer({ min: Date.parse('2026-02-20'), max: Date.parse('2026-12-31') });
const change = fc
  .constantFrom('2026-03-08', '2026-03-29', '2026-04-04', '2026-09-26', '2026-10-25', '2026-11-01')
  .map((date) => Date.parse(date));

test.describe('Working time', { tag: '@static' }, () => {
  test('should add up over any moment in between', () => {
    fc.assert(
      fc.property(hours, fc.tuple(moment, moment, moment), (given, moments) => {
        const [a = 0, b = 0, c = 0] = moments.toSorted((one, other) => one - other);
        expect(workingTime(given, a, c)).toBe(workingTime(given, a, b) + workingTime(given, b, c));
      }),
    );
  });

  test('should never be negative, nor longer than the time itself', () => {
    fc.assert(
      fc.property(hours, moment, moment, (given, from, to) => {
        const worked = workingTime(given, from, to);
        expect(worked).toBeGreaterThanOrEqual(0);
        expect(worked).toBeLessThanOrEqual(Math.max(0, to - from));
      }),
    );
  });

  test('should be intervals in order that do not touch', () => {
    fc.assert(
      fc.property(hours, moment, fc.integer({ min: 0, max: 30 * DAY }), (given, from, length) => {
        const intervals = workingIntervals(given, from, from + length);
        intervals.forEach(({ start, end }, index) => {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(index === 0 ? from : (intervals[index - 1]?.end ?? Infinity) + 1);
          expect(end).toBeLessThanOrEqual(from + length);
        });
      }),
    );
  });

  test('should be the minutes whose local time is within the hours, over every change of the clock', () => {
    fc.assert(
      fc.property(weekly, change, (given, day) => {
        const [from, to] = [day - 12 * HOUR, day + 36 * HOUR];
        expect(workingTime(given, from, to)).toBe(minutesByTheCalendar(given, from, to) * MINUTE);
      }),
      { numRuns: 60 },
    );
  });

  test('should be nothing at night, at the weekend and on a holiday', () => {
    const between = (from: string, to: string) => workingTime(office, Date.parse(from), Date.parse(to));
    expect(between('2026-11-02T17:00:00+01:00', '2026-11-03T09:00:00+01:00')).toBe(0);
    expect(between('2026-11-06T17:00:00+01:00', '2026-11-09T09:00:00+01:00')).toBe(0);
    expect(between('2026-12-24T17:00:00+01:00', '2026-12-28T09:00:00+01:00')).toBe(0);
    expect(between('2026-11-06T16:00:00+01:00', '2026-11-09T10:00:00+01:00')).toBe(2 * HOUR);
  });

  test('should count the hour that winter time repeats twice, and the one that summer time skips not at all', () => {
    const allDay: WeeklyHours = { ...office, week: [{ days: ['sunday'], from: '00:00', to: '24:00' }] };
    const night: WeeklyHours = { ...office, week: [{ days: ['sunday'], from: '02:00', to: '03:00' }] };
    const sunday = (given: WeeklyHours, date: string) =>
      workingTime(given, Date.parse(date) - DAY, Date.parse(date) + 2 * DAY);
    expect([sunday(allDay, '2026-10-25'), sunday(allDay, '2026-03-29')]).toEqual([25 * HOUR, 23 * HOUR]);
    expect([sunday(night, '2026-10-25'), sunday(night, '2026-03-29')]).toEqual([2 * HOUR, 0]);
  });
});

test.describe('Share of hours that is covered', { tag: '@static' }, () => {
  const from = Date.parse('2026-09-01T00:00:00Z');

  test('should be all of them for whoever works the same hours, and none without anybody', () => {
    fc.assert(
      fc.property(weekly, (given) => {
        const share = coveredShare(given, [given], from, from + 14 * DAY);
        fc.pre(share !== undefined);
        expect(share).toBe(1);
        expect(coveredShare(given, [], from, from + 14 * DAY)).toBe(0);
      }),
    );
  });

  test('should add up over people, without counting an hour twice', () => {
    const morning: WeeklyHours = {
      ...office,
      week: [{ ...office.week[0], days: [...weekdays], from: '09:00', to: '13:00' }],
    };
    const late: WeeklyHours = { ...office, week: [{ days: [...weekdays], from: '12:00', to: '15:00' }] };
    expect(coveredShare(office, [morning], from, from + 14 * DAY)).toBe(0.5);
    expect(coveredShare(office, [morning, late, morning], from, from + 14 * DAY)).toBe(0.75);
  });

  test('should be unknown where no hours are asked for', () => {
    expect(coveredShare(office, ['24x7'], Date.parse('2026-11-07'), Date.parse('2026-11-08'))).toBeUndefined();
  });
});

/** The same by another way: asks the calendar of the platform about every single minute. */
function minutesByTheCalendar({ timeZone, week, holidays }: WeeklyHours, from: number, to: number): number {
  const calendar = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  let minutes = 0;
  for (let at = from; at < to; at += MINUTE) {
    const {
      weekday = '',
      year,
      month,
      day,
      hour,
      minute,
    } = Object.fromEntries(calendar.formatToParts(at).map(({ type, value }) => [type, value]));
    const time = `${hour ?? ''}:${minute ?? ''}`;
    const works = week.some(
      (entry) => entry.days.some((name) => name === weekday.toLowerCase()) && entry.from <= time && time < entry.to,
    );
    if (works && !holidays.includes(`${year ?? ''}-${month ?? ''}-${day ?? ''}`)) minutes++;
  }
  return minutes;
}
