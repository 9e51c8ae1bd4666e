import { randomInt } from 'node:crypto';

/** Letters and digits that nobody takes for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Id of a run that starts at `moment`: `YYYYMMDD-HHMMSS-xxxx` in UTC; sorts by time, and is a valid label value. */
export function newRunId(moment: Date = new Date()): string {
  const [date = '', time = ''] = moment.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  const tail = Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${date}-${time}-${tail}`;
}

/** Whether `text` has the shape of a run's id, so that it may become part of a path. */
export function isRunId(text: string): boolean {
  return /^\d{8}-\d{6}-[a-z2-9]{4}$/.test(text);
}
