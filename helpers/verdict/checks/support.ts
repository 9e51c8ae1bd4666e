import { outOfDate } from '../../support/age.ts';
import { TEMPLATE_MARK } from '../../support/template-mark.ts';
import { faultsIn } from '../../support/tickets/faults.ts';
import { pilotPeriod, pilotTickets } from '../../support/tickets/judge.ts';
import { duration, some } from '../../support/words.ts';
import { fail, inconclusive, pass } from '../finding.ts';
import { withinSla } from '../sla-finding.ts';
import { supportCheck } from '../support-check.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on the facts about support, on the SLA, and on the tickets of the pilot. */
const NAMED = 5;
const DAY = 86_400_000;

export const factsAreReal = supportCheck({
  id: 'support.facts-are-real',
  title: 'The facts about support are real',
  expected: 'no sample data, and nothing left of the template',
  reason: 'No decision can rest on made-up facts, however well they look.',
  needs: ['sources'],
  find: ({ sample, sources }) => {
    if (sample) return inconclusive('the facts are declared to be made up (sample: true); bring real ones');
    if (sources.length === 0) return inconclusive('no fact is declared');
    const left = sources.filter(({ source }) => source.startsWith(TEMPLATE_MARK)).map(({ fact }) => fact);
    if (left.length > 0) return fail(`still the text of the template: ${some(left, NAMED)}`);
    return pass(`${sources.length} facts, each with a source and a date`);
  },
});

export const factsAreCurrent = supportCheck({
  id: 'support.facts-are-current',
  title: 'The facts about support during the pilot are current',
  expected: `no fact older than ${thresholds.supportFactAge.value / DAY} days, none from the future`,
  reason: thresholds.supportFactAge.reason,
  needs: ['sources', 'pilot', 'engineers', 'sla', 'tickets'],
  find: ({ sources, asOf }) => {
    const ours = sources.filter(({ fact }) => !fact.startsWith('escalation'));
    const stale = outOfDate(ours, asOf, thresholds.supportFactAge.value);
    if (stale.length > 0) return fail(some(stale, NAMED));
    return pass(`${ours.length} facts, the oldest of ${ours.map(({ date }) => date).toSorted()[0] ?? ''}`);
  },
});

export const slaIsDeclared = supportCheck({
  id: 'support.sla-is-declared',
  title: 'Response times are promised by severity',
  expected: 'at least two severities, the more urgent one never slower',
  needs: ['sla'],
  find: ({ sla }) => {
    const limits = sla
      .map(({ name, firstResponse, clock }) => `${name} ${duration(firstResponse)} (${clock})`)
      .join(', ');
    if (sla.length < 2) return fail(`one severity alone: ${limits}`);
    const slower = sla.filter(
      ({ firstResponse }, index) => firstResponse > (sla[index + 1]?.firstResponse ?? Infinity),
    );
    return slower.length === 0
      ? pass(limits)
      : fail(`${slower.map(({ name }) => name).join(', ')} slower than a less urgent one: ${limits}`);
  },
});

export const slaFitsIncidents = supportCheck({
  id: 'support.sla-fits-incidents',
  title: 'The promised response times fit incidents',
  expected: `the most urgent severity within ${duration(thresholds.firstResponseMostUrgent.value)}, the next one within ${duration(thresholds.firstResponseSecond.value)}`,
  reason: `${thresholds.firstResponseMostUrgent.reason} ${thresholds.firstResponseSecond.reason}`,
  needs: ['sla'],
  find: ({ sla: [first, second] }) => {
    if (first === undefined || second === undefined) return fail('there are not two severities');
    const seen = `${first.name} ${duration(first.firstResponse)}, ${second.name} ${duration(second.firstResponse)}`;
    const fits =
      first.firstResponse <= thresholds.firstResponseMostUrgent.value &&
      second.firstResponse <= thresholds.firstResponseSecond.value;
    return fits ? pass(seen) : fail(seen);
  },
});

export const exportCoversPilot = supportCheck({
  id: 'support.export-covers-pilot',
  title: 'The ticket export covers the pilot',
  expected: `tickets of the pilot, up to its end or over at least ${thresholds.pilotSeen.value / DAY} days of it`,
  reason: thresholds.pilotSeen.reason,
  needs: ['tickets', 'pilot'],
  find: ({ tickets, pilot, calendar, asOf }) => {
    const { start, end } = pilotPeriod({ pilot, calendar });
    const ours = pilotTickets({ pilot, calendar, tickets, sla: [] });
    const seen = `${ours.length} of ${tickets.tickets.length} tickets are from the pilot, ${pilot.from} to ${pilot.to}`;
    if (tickets.exportedAt > asOf) return fail('the export is said to be taken at a time that has not come yet');
    if (start > asOf) return inconclusive(`the pilot begins on ${pilot.from}`);
    if (tickets.tickets.length === 0) return inconclusive('the export holds no ticket');
    if (ours.length === 0) return fail(seen);
    const covered = Math.min(tickets.exportedAt, end) - start;
    if (covered >= Math.min(end - start, thresholds.pilotSeen.value)) return pass(seen);
    return inconclusive(`${seen}; the export was taken ${Math.max(0, Math.floor(covered / DAY))} days into it`);
  },
});

export const exportIsSound = supportCheck({
  id: 'support.export-is-sound',
  title: 'Every ticket of the pilot can be judged',
  expected: `${thresholds.exportContradictions.value} tickets that contradict themselves or lack what a judgement needs`,
  reason: thresholds.exportContradictions.reason,
  needs: ['tickets', 'pilot', 'sla'],
  find: (facts) => {
    const { contradictions, gaps } = faultsIn(facts);
    if (contradictions.length > thresholds.exportContradictions.value)
      return fail(`${contradictions.length} contradictions: ${some([...contradictions, ...gaps], NAMED)}`);
    if (gaps.length > 0) return inconclusive(`${gaps.length} gaps: ${some(gaps, NAMED)}`);
    const count = pilotTickets(facts).length;
    return count === 0
      ? inconclusive('no ticket of the pilot')
      : pass(`${count} tickets, all of them with what it takes`);
  },
});

export const firstResponseWithinSla = supportCheck({
  id: 'support.first-response-within-sla',
  title: 'Tickets of the pilot were answered within the SLA',
  expected: 'the promised share of tickets of each severity (all, where nothing less is promised)',
  needs: ['tickets', 'pilot', 'sla'],
  find: (facts) => withinSla('firstResponse', facts),
});

export const resolvedWithinSla = supportCheck({
  id: 'support.resolved-within-sla',
  title: 'Tickets of the pilot were resolved within the SLA',
  expected: 'the promised share of tickets of each severity (all, where nothing less is promised)',
  needs: ['tickets', 'pilot', 'sla'],
  find: (facts) => {
    if (facts.sla.every(({ resolution }) => resolution === undefined))
      return fail('the SLA promises no resolution time');
    return withinSla('resolution', facts);
  },
});
