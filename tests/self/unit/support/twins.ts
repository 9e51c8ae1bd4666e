import type { Verdict } from '../../../../helpers/verdict/types.ts';
import { atWork, daysAgo, inPilot, type Brought } from './real-facts.ts';

/** Broken twins: facts with one deliberate defect, and exactly what it must turn red. */
export interface Twin {
  defect: string;
  breaks: (brought: Brought) => void;
  red: Record<string, Verdict>;
}

const soundness = 'support.export-is-sound';
const answers = 'support.first-response-within-sla';
const resolutions = 'support.resolved-within-sla';

export const twins: readonly Twin[] = [
  {
    defect: 'facts that are made up',
    breaks: ({ facts }) => (facts.sample = true),
    red: { 'support.facts-are-real': 'inconclusive' },
  },
  {
    defect: 'a source that is still the text of the template',
    breaks: ({ facts }) => (facts.sla.source = 'TEMPLATE, e.g. contract, annex 3'),
    red: { 'support.facts-are-real': 'fail' },
  },
  {
    defect: 'an SLA of last year',
    breaks: ({ facts }) => (facts.sla.date = daysAgo(200).slice(0, 10)),
    red: { 'support.facts-are-current': 'fail' },
  },
  {
    defect: 'a fact from the future',
    breaks: ({ facts }) => (facts.pilot.date = daysAgo(-9).slice(0, 10)),
    red: { 'support.facts-are-current': 'fail' },
  },
  {
    defect: 'an engineer out of a pool',
    breaks: ({ facts }) => (engineer(facts).dedicated = false),
    red: { 'support.engineer-is-dedicated': 'fail' },
  },
  {
    defect: 'an engineer on the other side of the world',
    breaks: ({ facts }) => (engineer(facts).hours = { ...atWork, timeZone: 'Pacific/Auckland' }),
    red: { 'support.engineer-is-available': 'fail' },
  },
  {
    defect: 'an engineer at an address that nobody reads',
    breaks: ({ facts }) => (engineer(facts).contact = { email: 'noreply@seatrial.dev' }),
    red: { 'support.engineer-is-named': 'fail' },
  },
  {
    defect: 'an engineer without a deputy',
    breaks: ({ facts }) => delete engineer(facts).deputy,
    red: { 'support.engineer-has-deputy': 'fail' },
  },
  {
    defect: 'a deputy at the address of the engineer',
    breaks: ({ facts }) =>
      (engineer(facts).deputy = { name: 'Dora Emil', contact: { email: 'Anna.Cramer@seatrial.dev' } }),
    red: { 'support.engineer-has-deputy': 'fail' },
  },
  {
    defect: 'an SLA that is slower for P0 than for P1',
    breaks: ({ facts }) => (severity(facts, 1).firstResponse = '14m'),
    red: { 'support.sla-is-declared': 'fail' },
  },
  {
    defect: 'an SLA that answers a P0 after half a day',
    breaks: ({ facts }) => {
      facts.sla.severities.forEach((one) => (one.firstResponse = '12h'));
    },
    red: { 'support.sla-fits-incidents': 'fail' },
  },
  {
    defect: 'an SLA without resolution times',
    breaks: ({ facts }) => {
      facts.sla.severities.forEach((one) => delete one.resolution);
    },
    red: { [resolutions]: 'fail' },
  },
  {
    defect: 'a late answer',
    breaks: (brought) => {
      change(brought, 0, { first_response: inPilot(0, 10, 20) });
    },
    red: { [answers]: 'fail' },
  },
  {
    defect: 'a late resolution',
    breaks: (brought) => {
      change(brought, 0, { resolved: inPilot(0, 15) });
    },
    red: { [resolutions]: 'fail' },
  },
  {
    defect: 'a ticket that nobody ever answered',
    breaks: (brought) => {
      change(brought, 5, { first_response: '', resolved: '' });
    },
    red: { [answers]: 'fail', [resolutions]: 'fail' },
  },
  {
    defect: 'an export without a single time of first response',
    breaks: (brought) => {
      brought.tickets.forEach((ticket) => (ticket.first_response = ''));
    },
    red: { [answers]: 'inconclusive', [soundness]: 'inconclusive' },
  },
  {
    defect: 'an export without a single time but that of creation',
    breaks: (brought) => {
      brought.tickets.forEach((ticket) => Object.assign(ticket, { first_response: '', resolved: '' }));
    },
    red: { [answers]: 'fail', [resolutions]: 'fail' },
  },
  {
    defect: 'a ticket that was answered before it was created',
    breaks: (brought) => {
      change(brought, 0, { first_response: inPilot(0, 9) });
    },
    red: { [answers]: 'inconclusive', [soundness]: 'fail' },
  },
  {
    defect: 'a ticket that is there twice',
    breaks: (brought) => {
      change(brought, 0, { id: 'T-2' });
    },
    red: { [answers]: 'inconclusive', [resolutions]: 'inconclusive', [soundness]: 'fail' },
  },
  {
    defect: 'a ticket without a severity',
    breaks: (brought) => {
      change(brought, 0, { severity: '' });
    },
    red: { [answers]: 'inconclusive', [resolutions]: 'inconclusive', [soundness]: 'inconclusive' },
  },
  {
    defect: 'a ticket with a time that is none',
    breaks: (brought) => {
      change(brought, 0, { first_response: 'soon' });
    },
    red: { [answers]: 'inconclusive', [soundness]: 'inconclusive' },
  },
  {
    defect: 'an export without tickets',
    breaks: (brought) => (brought.tickets = []),
    red: {
      [answers]: 'inconclusive',
      [resolutions]: 'inconclusive',
      [soundness]: 'inconclusive',
      'support.export-covers-pilot': 'inconclusive',
    },
  },
  {
    defect: 'an export of the first days only',
    breaks: (brought) => {
      brought.tickets = brought.tickets.slice(0, 9);
      brought.facts.tickets.exportedAt = inPilot(14, 9);
    },
    red: { 'support.export-covers-pilot': 'inconclusive' },
  },
  {
    defect: 'an export of another time',
    breaks: ({ facts }) => Object.assign(facts.pilot, { from: daysAgo(9).slice(0, 10), to: daysAgo(1).slice(0, 10) }),
    red: {
      [answers]: 'inconclusive',
      [resolutions]: 'inconclusive',
      [soundness]: 'inconclusive',
      'support.export-covers-pilot': 'fail',
    },
  },
  {
    defect: 'an old escalation path',
    breaks: ({ facts }) => (facts.escalation.date = daysAgo(200).slice(0, 10)),
    red: { 'escalation.facts-are-current': 'fail' },
  },
  {
    defect: 'a number from a film',
    breaks: ({ facts }) => (level(facts, 1).contact = { phone: '+12025550123' }),
    red: { 'escalation.contacts-lead-somewhere': 'fail' },
  },
  {
    defect: 'two levels on one phone',
    breaks: ({ facts }) => (level(facts, 1).contact = { phone: '+493090182001' }),
    red: { 'escalation.has-no-dead-end': 'fail' },
  },
  {
    defect: 'a level that is never given up on',
    breaks: ({ facts }) => delete level(facts, 1).timeLimit,
    red: {
      'escalation.has-no-dead-end': 'fail',
      'escalation.reaches-the-top-in-time': 'inconclusive',
      'escalation.drill-kept-limits': 'inconclusive',
    },
  },
  {
    defect: 'a level that sleeps at night',
    breaks: ({ facts }) => (level(facts, 1).hours = atWork),
    red: { 'escalation.covers-p0-and-p1': 'fail' },
  },
  {
    defect: 'a path for P0 alone',
    breaks: ({ facts }) => (facts.escalation.covers = ['P0']),
    red: { 'escalation.covers-p0-and-p1': 'fail' },
  },
  {
    defect: 'a path that begins weeks after the pilot',
    breaks: ({ facts }) => (facts.escalation.validFrom = daysAgo(2).slice(0, 10)),
    red: { 'escalation.holds-after-pilot': 'fail' },
  },
  {
    defect: 'a path that has expired',
    breaks: ({ facts }) => (facts.escalation.validUntil = daysAgo(3).slice(0, 10)),
    red: { 'escalation.holds-after-pilot': 'fail' },
  },
  {
    defect: 'a path that takes half a day',
    breaks: ({ facts }) => (level(facts, 1).timeLimit = '12h'),
    red: { 'escalation.reaches-the-top-in-time': 'fail' },
  },
  {
    defect: 'no status page',
    breaks: ({ facts }) => delete facts.escalation.statusPage,
    red: { 'escalation.has-status-page': 'fail' },
  },
  {
    defect: 'a status page of the template',
    breaks: ({ facts }) => (facts.escalation.statusPage = 'https://status.vendor.example'),
    red: { 'escalation.has-status-page': 'fail' },
  },
  {
    defect: 'a drill in which a level took too long',
    breaks: ({ facts }) => (level(facts, 0).timeLimit = '20m'),
    red: { 'escalation.drill-kept-limits': 'fail' },
  },
  {
    defect: 'a drill that ended at the second level',
    breaks: ({ facts }) => drill(facts).reached.pop(),
    red: { 'escalation.drill-kept-limits': 'fail' },
  },
  {
    defect: 'a drill of long ago',
    breaks: ({ facts }) => Object.assign(drill(facts), longAgo(drill(facts))),
    red: { 'escalation.drill-is-recent': 'fail' },
  },
  {
    defect: 'no drill',
    breaks: ({ facts }) => (facts.escalation.drills = []),
    red: { 'escalation.drill-kept-limits': 'inconclusive', 'escalation.drill-is-recent': 'inconclusive' },
  },
];

function change(brought: Brought, index: number, values: Partial<Brought['tickets'][number]>): void {
  Object.assign(brought.tickets[index] ?? {}, values);
}

type Facts = Brought['facts'];

function engineer(facts: Facts) {
  return existing(facts.engineers[0]);
}

function severity(facts: Facts, index: number) {
  return existing(facts.sla.severities[index]);
}

function level(facts: Facts, index: number) {
  return existing(facts.escalation.levels[index]);
}

function drill(facts: Facts) {
  return existing(facts.escalation.drills?.[0]);
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such fact');
  return value;
}

/** The same drill, more than a year earlier. */
function longAgo({ started, reached }: ReturnType<typeof drill>) {
  const earlier = (moment: string) => new Date(Date.parse(moment) - 400 * 86_400_000).toISOString();
  return {
    started: earlier(started),
    reached: reached.map(({ level: name, at }) => ({ level: name, at: earlier(at) })),
  };
}
