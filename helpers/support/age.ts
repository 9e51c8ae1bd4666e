import type { Sections } from './recorded.ts';

const DAY = 86_400_000;

/** Facts whose day is too long ago, or has not come yet, with how long; days are those of no time zone in particular. */
export function outOfDate(sources: Sections['sources'], asOf: number, oldest: number): string[] {
  return sources.flatMap(({ fact, date }) => {
    const age = asOf - Date.parse(date);
    if (age < -DAY) return [`${fact} of ${date} lies in the future`];
    return age > oldest + DAY ? [`${fact} of ${date} is ${Math.floor(age / DAY)} days old`] : [];
  });
}
