import { DateTime } from 'luxon';

/** How the times of an export are to be read. */
export interface TimeReading {
  /** Zone of times that do not say theirs. */
  timeZone: string | undefined;
  /** Patterns to try, beside ISO 8601 and `2026-11-02 09:15:00` where none is declared. */
  patterns: readonly string[];
  /** The patterns are declared, so that nothing else is meant. */
  declared: boolean;
}

export type ReadTime = { at: number } | { unreadable: 'format' | 'zone' };

const HAS_ZONE = /\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i;
const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;

/** The moment that a text of an export names, in ms since the epoch. A date without a time of day is no moment. */
export function readTime(text: string, { timeZone, patterns, declared }: TimeReading): ReadTime {
  if (DATE_ALONE.test(text)) return { unreadable: 'format' };
  const options = { zone: timeZone ?? 'utc', setZone: true, locale: 'en' } as const;
  const usual = declared ? [] : [DateTime.fromISO(text, options), DateTime.fromSQL(text, options)];
  const read = [...usual, ...patterns.map((pattern) => DateTime.fromFormat(text, pattern, options))];
  const moment = read.find(({ isValid }) => isValid);
  if (moment === undefined) return { unreadable: 'format' };
  if (timeZone === undefined && !HAS_ZONE.test(text)) return { unreadable: 'zone' };
  return { at: moment.toMillis() };
}
