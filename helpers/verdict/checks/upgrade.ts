import { failingChecks } from '../upgrade/failing.ts';
import { hopChecks } from '../upgrade/hop.ts';
import { journeyChecks } from '../upgrade/journey.ts';
import type { Check } from '../types.ts';

/** The version before, the present one, back and there again: each hop judged apart, then what lasts through all of them. */
export const toCurrent = hopChecks('to-current', 'the version before is upgraded to the present one');
export const back = hopChecks('back', 'the present version is rolled back to the one before');
export const again = hopChecks('again', 'what was rolled back is upgraded again');
export const journey = journeyChecks();

export const badImage = failingChecks('bad-image', 'an upgrade names an image that cannot be pulled');
export const failingMigration = failingChecks('failing-migration', 'the migration of an upgrade fails');
export const neverReady = failingChecks('never-ready', 'the new replicas of an upgrade never get ready');

/** All of them, by their ids. */
export const everyCheck: Readonly<Record<string, Check>> = Object.fromEntries(
  [toCurrent, back, again, journey, badImage, failingMigration, neverReady]
    .flatMap((group): Check[] => Object.values(group))
    .map((one) => [one.id, one]),
);
