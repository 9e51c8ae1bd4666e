import type { RecordedEngineer, Sections } from '../../support/recorded.ts';
import { pilotPeriod } from '../../support/tickets/judge.ts';
import { some } from '../../support/words.ts';
import { coveredShare } from '../../support/working-time.ts';
import { fail, inconclusive, pass } from '../finding.ts';
import { supportCheck } from '../support-check.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on the solutions engineers of the pilot. */
const NAMED = 5;

export const isNamed = supportCheck({
  id: 'support.engineer-is-named',
  title: 'A solutions engineer is named and can be reached',
  expected: 'at least one, with a contact that leads somewhere',
  needs: ['engineers'],
  find: ({ engineers, sample }) => {
    if (engineers.length === 0) return fail('no solutions engineer is named');
    const reachable = engineers.filter(({ contacts }) => sample || contacts.some(({ dead }) => dead === undefined));
    if (reachable.length === 0)
      return fail(`no contact leads anywhere: ${some(engineers.flatMap(deadContacts), NAMED)}`);
    return pass(
      reachable
        .map(({ who, role, contacts }) => `${who} (${role}), ${contacts.map(({ masked }) => masked).join(', ')}`)
        .join('; '),
    );
  },
});

export const isDedicated = supportCheck({
  id: 'support.engineer-is-dedicated',
  title: 'A solutions engineer is dedicated to the pilot',
  expected: 'at least one who is assigned to this pilot by name',
  needs: ['engineers'],
  find: ({ engineers }) => {
    const dedicated = engineers.filter((engineer) => engineer.dedicated).map(({ who, role }) => `${who} (${role})`);
    if (dedicated.length > 0) return pass(`dedicated: ${dedicated.join(', ')}`);
    return fail(`${engineers.length} named, none dedicated to the pilot`);
  },
});

export const isAvailable = supportCheck({
  id: 'support.engineer-is-available',
  title: 'The solutions engineer is there during business hours',
  expected: `for at least ${thresholds.engineerPresence.value * 100} % of the business hours of the pilot`,
  reason: thresholds.engineerPresence.reason,
  needs: ['engineers', 'pilot', 'calendar'],
  find: ({ engineers, pilot, calendar }) => {
    const { start, end } = pilotPeriod({ pilot, calendar });
    const hours = responsible(engineers).map((engineer) => engineer.hours);
    const share = coveredShare(calendar, hours, start, end);
    if (share === undefined) return inconclusive('no business hours lie within the pilot');
    const seen = `there for ${(share * 100).toFixed(0)} % of the business hours from ${pilot.from} to ${pilot.to}`;
    return share >= thresholds.engineerPresence.value ? pass(seen) : fail(seen);
  },
});

export const hasDeputy = supportCheck({
  id: 'support.engineer-has-deputy',
  title: 'Somebody stands in for the solutions engineer',
  expected: 'a deputy for each, with a contact of their own that leads somewhere',
  needs: ['engineers'],
  find: ({ engineers, sample }) => {
    if (engineers.length === 0) return fail('no solutions engineer is named, so nobody stands in for one');
    const without = responsible(engineers).filter((engineer) => !canBeReplaced(engineer, sample));
    if (without.length > 0)
      return fail(`nobody who can be reached stands in for ${without.map(({ who }) => who).join(', ')}`);
    return pass(
      responsible(engineers)
        .map(({ who, deputy }) => `${deputy?.who ?? ''} for ${who}`)
        .join(', '),
    );
  },
});

/** Those who are dedicated; where nobody is, whoever is named. */
function responsible(engineers: Sections['engineers']): Sections['engineers'] {
  const dedicated = engineers.filter((engineer) => engineer.dedicated);
  return dedicated.length > 0 ? dedicated : engineers;
}

function deadContacts({ contacts }: RecordedEngineer): string[] {
  return contacts.flatMap(({ masked, dead }) => (dead === undefined ? [] : [`${masked} (${dead})`]));
}

/** A deputy at the engineer's own address would be away together with them. */
function canBeReplaced({ contacts, deputy }: RecordedEngineer, sample: boolean): boolean {
  const own = new Set(contacts.map(({ id }) => id));
  return (deputy?.contacts ?? []).some(({ id, dead }) => !own.has(id) && (sample || dead === undefined));
}
