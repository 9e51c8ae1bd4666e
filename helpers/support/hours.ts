import { IANAZone } from 'luxon';
import { z } from 'zod';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const timeZone = z
  .string()
  .refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone, e.g. "Europe/Berlin"')
  .describe('IANA time zone, e.g. Europe/Berlin');

const timeOfDay = (what: string) =>
  z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day, e.g. "09:00" (the end of a day is "24:00")')
    .describe(what);

const window = z
  .strictObject({
    days: z.array(z.enum(weekdays)).min(1).describe('Days of the week, e.g. [monday, tuesday]'),
    from: timeOfDay('Start, local time, e.g. "09:00"'),
    to: timeOfDay('End, local time, e.g. "17:30"'),
  })
  .refine(({ from, to }) => from < to, 'must end after it begins; hours over midnight are two entries')
  .describe('Hours on some days of the week, e.g. { days: [monday], from: "09:00", to: "17:30" }');

/** Hours of the week in a time zone, less the holidays there. */
export const weeklyHours = z.strictObject({
  timeZone,
  week: z.array(window).min(1).describe('Hours of the week; breaks are what lies between two entries'),
  holidays: z
    .array(z.iso.date({ error: 'must be a date, e.g. "2026-12-25"' }))
    .default([])
    .describe('Days off within the week, e.g. ["2026-12-25"]'),
});

/** Hours at which somebody can be reached, or in which a clock runs. */
export const hours = z.union([z.literal('24x7'), weeklyHours]).describe('24x7, or hours of the week in a time zone');

export type WeeklyHours = z.infer<typeof weeklyHours>;
export type Hours = z.infer<typeof hours>;

/** The day of the week, as in a declaration, of a date that is counted in days since the epoch. */
export function weekdayOf(day: number): (typeof weekdays)[number] {
  // 1970-01-01 was a Thursday.
  return weekdays[(((day + 3) % 7) + 7) % 7] ?? 'monday';
}
