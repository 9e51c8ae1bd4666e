import { outOfDate } from '../../support/age.ts';
import { limitsOf, lateLevels, latestDrill } from '../../support/drills.ts';
import type { Sections } from '../../support/recorded.ts';
import { coveredShare } from '../../support/working-time.ts';
import { duration, some } from '../../support/words.ts';
import { fail, inconclusive, pass } from '../finding.ts';
import { supportCheck } from '../support-check.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on the escalation of the two most urgent severities in production, by facts that a person brings. */
const NAMED = 5;
const DAY = 86_400_000;
/** Changes to and from summer time and the holidays of a year show what a week does not. */
const AHEAD = 366 * DAY;

export const factsAreCurrent = supportCheck({
  id: 'escalation.facts-are-current',
  title: 'The escalation path is current',
  expected: `not older than ${thresholds.supportFactAge.value / DAY} days, and not from the future`,
  reason: thresholds.supportFactAge.reason,
  needs: ['sources', 'escalation'],
  find: ({ sources, asOf }) => {
    const ours = sources.filter(({ fact }) => fact === 'escalation');
    const stale = outOfDate(ours, asOf, thresholds.supportFactAge.value);
    if (ours.length === 0) return inconclusive('the path has no source and date');
    return stale.length > 0
      ? fail(some(stale, NAMED))
      : pass(ours.map(({ date, source }) => `of ${date}, ${source}`).join('; '));
  },
});

export const contactsLeadSomewhere = supportCheck({
  id: 'escalation.contacts-lead-somewhere',
  title: 'Every contact of the escalation path leads somewhere',
  expected: '0 contacts that are reserved for examples or that nobody reads',
  needs: ['escalation'],
  find: ({ escalation: { levels }, sample }) => {
    const dead = levels.flatMap(({ name, contacts }) =>
      contacts.flatMap(({ masked, dead: why }) => (why === undefined || sample ? [] : [`${name}: ${masked} (${why})`])),
    );
    if (dead.length > 0) return fail(some(dead, NAMED));
    return pass(
      levels.map(({ name, contacts }) => `${name}: ${contacts.map(({ masked }) => masked).join(', ')}`).join('; '),
    );
  },
});

export const hasNoDeadEnd = supportCheck({
  id: 'escalation.has-no-dead-end',
  title: 'The escalation path has no dead end',
  expected: `at least ${thresholds.escalationLevels.value} levels, each with contacts of its own and, but for the last, a time limit until the next`,
  reason: thresholds.escalationLevels.reason,
  needs: ['escalation'],
  find: ({ escalation: { levels } }) => {
    const ends = deadEnds(levels);
    if (ends.length > 0) return fail(some(ends, NAMED));
    return pass(
      levels
        .map(({ name, timeLimit }) => (timeLimit === undefined ? name : `${name} (${duration(timeLimit)})`))
        .join(' → '),
    );
  },
});

export const coversMostUrgent = supportCheck({
  id: 'escalation.covers-p0-and-p1',
  title: 'P0 and P1 are escalated whenever their clock runs',
  expected:
    'both severities covered, and every level there for all of the hours that the SLA counts for them, over a year',
  needs: ['escalation', 'sla'],
  find: ({ escalation, sla, calendar, asOf }) => {
    const urgent = sla.slice(0, 2);
    if (urgent.length < 2) return fail('the SLA does not tell two severities apart');
    const start = Math.floor(asOf);
    const gaps = urgent.flatMap(({ name, clock }) => {
      if (!escalation.covers.includes(name)) return [`${name} is not escalated`];
      const asked = clock === '24x7' ? clock : calendar;
      if (asked === undefined) return [`${name} counts business hours that are not declared`];
      return escalation.levels.flatMap((level) => {
        const share = coveredShare(asked, [level.hours], start, start + AHEAD) ?? 0;
        return share < 1 ? [`${level.name} is there for ${(share * 100).toFixed(0)} % of the hours of ${name}`] : [];
      });
    });
    return gaps.length > 0
      ? fail(some(gaps, NAMED))
      : pass(`${urgent.map(({ name, clock }) => `${name} ${clock}`).join(', ')}: every level is there`);
  },
});

export const holdsAfterPilot = supportCheck({
  id: 'escalation.holds-after-pilot',
  title: 'The escalation path holds from the end of the pilot on',
  expected: 'valid on the day after the pilot at the latest, and not expired',
  needs: ['escalation', 'pilot'],
  find: ({ escalation: { validFrom, validUntil }, pilot, asOf }) => {
    const seen = `valid from ${validFrom}${validUntil === undefined ? '' : ` until ${validUntil}`}; the pilot ends on ${pilot.to}`;
    const gap = Date.parse(validFrom) - Date.parse(pilot.to) > DAY;
    const until = validUntil === undefined ? Infinity : Date.parse(validUntil) + DAY;
    return gap || until <= Math.max(asOf, Date.parse(pilot.to) + DAY) ? fail(seen) : pass(seen);
  },
});

export const reachesTheTopInTime = supportCheck({
  id: 'escalation.reaches-the-top-in-time',
  title: 'The last level is called in time',
  expected: `at most ${duration(thresholds.escalationToTop.value)} after the first one was called`,
  reason: thresholds.escalationToTop.reason,
  needs: ['escalation'],
  find: ({ escalation: { levels } }) => {
    const open = levels.slice(0, -1).filter(({ timeLimit }) => timeLimit === undefined);
    if (open.length > 0) return inconclusive(`no time limit for ${open.map(({ name }) => name).join(', ')}`);
    const total = levels.slice(0, -1).reduce((sum, { timeLimit = 0 }) => sum + timeLimit, 0);
    const seen = `${levels.at(-1)?.name ?? ''} is called after ${duration(total)}`;
    return total <= thresholds.escalationToTop.value ? pass(seen) : fail(seen);
  },
});

export const hasStatusPage = supportCheck({
  id: 'escalation.has-status-page',
  title: 'Incidents are told on a status page',
  expected: 'an https address that leads somewhere',
  needs: ['escalation'],
  find: ({ escalation: { statusPage }, sample }) => {
    const [page] = statusPage ?? [];
    if (page === undefined) return fail('no status page is declared');
    return page.dead === undefined || sample ? pass(page.masked) : fail(`${page.masked}: ${page.dead}`);
  },
});

export const drillKeptLimits = supportCheck({
  id: 'escalation.drill-kept-limits',
  title: 'The latest drill of a P0 or P1 reached every level in time',
  expected:
    'the first level within the first response of the severity, each further one within the time limit before it',
  needs: ['escalation', 'sla'],
  find: ({ escalation, sla, calendar }) => {
    const drill = latestDrill(escalation, sla);
    if (drill === undefined) return inconclusive('no drill of a P0 or P1 is recorded; bring one (escalation.drills:)');
    const limits = limitsOf(drill, escalation, sla, calendar);
    if (limits === undefined) return inconclusive('a level without a time limit leaves open when the next is due');
    const late = lateLevels(limits);
    const seen = `${drill.severity} of ${new Date(drill.started).toISOString()}`;
    if (late.length > 0) return fail(`${seen}: ${some(late, NAMED)}`);
    return pass(
      `${seen}: ${limits.map(({ level, took, limit }) => `${level} ${duration(took ?? 0)} of ${duration(limit)}`).join(', ')}`,
    );
  },
});

export const drillIsRecent = supportCheck({
  id: 'escalation.drill-is-recent',
  title: 'The escalation of a P0 or P1 was drilled within the last year',
  expected: `a drill not older than ${thresholds.drillAge.value / DAY} days`,
  reason: thresholds.drillAge.reason,
  needs: ['escalation', 'sla'],
  find: ({ escalation, sla, asOf }) => {
    const drill = latestDrill(escalation, sla);
    if (drill === undefined) return inconclusive('no drill of a P0 or P1 is recorded; bring one (escalation.drills:)');
    const age = asOf - drill.started;
    const seen = `the latest is of ${new Date(drill.started).toISOString().slice(0, 10)}`;
    if (age < 0) return fail(`${seen}, which lies in the future`);
    return age <= thresholds.drillAge.value ? pass(seen) : fail(`${seen}, ${Math.floor(age / DAY)} days ago`);
  },
});

function deadEnds(levels: Sections['escalation']['levels']): string[] {
  const stuck = levels.slice(0, -1).filter(({ timeLimit }) => timeLimit === undefined);
  const repeated = levels.flatMap(({ name, contacts }, index) => {
    const earlier = levels
      .slice(0, index)
      .find((other) => contacts.every(({ id }) => other.contacts.some((contact) => contact.id === id)));
    return earlier === undefined ? [] : [`${name} is reached as ${earlier.name} is`];
  });
  return [
    ...(levels.length < thresholds.escalationLevels.value ? ['there is nobody to escalate to'] : []),
    ...stuck.map(({ name }) => `nothing says when ${name} is given up on`),
    ...repeated,
  ];
}
