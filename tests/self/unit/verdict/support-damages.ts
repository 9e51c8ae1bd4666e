import type { Sections } from '../../../../helpers/support/recorded.ts';
import { changed, isFact, without, type Damage, type Damages } from './histories.ts';
import { flawlessSupport } from './support-history.ts';

/** More than a year, in ms. */
const LONG_AGO = 400 * 86_400_000;

/** For every check on support: what turns it red, and what blinds it. */
export const supportDamages: Record<string, Damages> = {
  'support.facts-are-real': {
    fail: section('sources', (sources) => sources.map((fact) => ({ ...fact, source: 'TEMPLATE, e.g. contract' }))),
    inconclusive: changed(isFact('support.declared'), { value: { declared: true, sample: true, asOf: 0 } }),
  },
  'support.facts-are-current': {
    fail: dated('2025-11-02', (fact) => !fact.startsWith('escalation')),
    inconclusive: lost('pilot'),
  },
  'support.sla-is-declared': {
    // Slower for what is most urgent.
    fail: section('sla', (severities) =>
      severities.map((one, index) => (index < 2 ? { ...one, firstResponse: (42 - index) * 60_000 } : one)),
    ),
    inconclusive: lost('sla'),
  },
  'support.sla-fits-incidents': {
    fail: section('sla', (severities) => severities.map((one) => ({ ...one, firstResponse: 36e5 * 12 }))),
    alsoFail: [section('sla', (severities) => severities.slice(2))],
    inconclusive: lost('sla'),
  },
  'support.export-covers-pilot': {
    fail: section('tickets', (tickets) => ({ ...tickets, exportedAt: Date.parse('2027-11-02T00:00:00Z') })),
    alsoFail: [section('pilot', () => ({ from: '2026-08-01', to: '2026-08-31' }))],
    inconclusive: section('tickets', (tickets) => ({ ...tickets, exportedAt: Date.parse('2026-09-22T00:00:00Z') })),
  },
  'support.export-is-sound': {
    fail: eachTicket(({ created = 0, ...ticket }) => ({ ...ticket, created, firstResponse: created - 1 })),
    inconclusive: eachTicket(({ severity: _severity, ...ticket }) => ticket),
  },
  'support.first-response-within-sla': {
    fail: eachTicket(({ created = 0, ...ticket }) => ({ ...ticket, created, firstResponse: created + 36e5 * 30 })),
    // Whoever is never answered breaks no limit that anybody has measured.
    inconclusive: eachTicket(({ firstResponse: _firstResponse, ...ticket }) => ticket),
  },
  'support.resolved-within-sla': {
    fail: eachTicket(({ created = 0, ...ticket }) => ({ ...ticket, created, resolved: created + 36e5 * 24 * 10 })),
    inconclusive: section('tickets', (tickets) => ({ ...tickets, tickets: [] })),
  },
  'support.engineer-is-named': {
    fail: section('engineers', (engineers) =>
      engineers.map((engineer) => ({
        ...engineer,
        contacts: engineer.contacts.map((one) => ({ ...one, dead: 'nobody reads it' })),
      })),
    ),
    alsoFail: [section('engineers', () => [])],
    inconclusive: lost('engineers'),
  },
  'support.engineer-is-dedicated': {
    fail: section('engineers', (engineers) => engineers.map((engineer) => ({ ...engineer, dedicated: false }))),
    inconclusive: lost('engineers'),
  },
  'support.engineer-is-available': {
    fail: section('engineers', (engineers) =>
      engineers.map((engineer) => ({
        ...engineer,
        hours: { timeZone: 'America/Los_Angeles', week: flawlessSupport.calendar.week, holidays: [] },
      })),
    ),
    inconclusive: lost('calendar'),
  },
  'support.engineer-has-deputy': {
    fail: section('engineers', (engineers) => engineers.map(({ deputy: _deputy, ...engineer }) => engineer)),
    inconclusive: lost('engineers'),
  },
  'escalation.facts-are-current': {
    fail: dated('2027-11-02', (fact) => fact.startsWith('escalation')),
    inconclusive: lost('escalation'),
  },
  'escalation.contacts-lead-somewhere': {
    fail: eachLevel((level) => ({ ...level, contacts: level.contacts.map((one) => ({ ...one, dead: 'nobody' })) })),
    inconclusive: lost('escalation'),
  },
  'escalation.has-no-dead-end': {
    // Whoever does not answer is called again.
    fail: eachLevel((level) => ({ ...level, contacts: flawlessSupport.escalation.levels[0]?.contacts ?? [] })),
    alsoFail: [eachLevel(({ timeLimit: _timeLimit, ...level }) => level)],
    inconclusive: lost('escalation'),
  },
  'escalation.covers-p0-and-p1': {
    fail: eachLevel((level) => ({ ...level, hours: flawlessSupport.calendar })),
    inconclusive: lost('sla'),
  },
  'escalation.holds-after-pilot': {
    fail: section('escalation', (escalation) => ({ ...escalation, validUntil: '2026-11-15' })),
    inconclusive: lost('pilot'),
  },
  'escalation.reaches-the-top-in-time': {
    fail: eachLevel((level) => ({ ...level, timeLimit: 36e5 * 5 })),
    inconclusive: eachLevel(({ timeLimit: _timeLimit, ...level }) => level),
  },
  'escalation.has-status-page': {
    fail: section('escalation', ({ statusPage: _statusPage, ...escalation }) => escalation),
    inconclusive: lost('escalation'),
  },
  'escalation.drill-kept-limits': {
    fail: section('escalation', ({ drills, ...escalation }) => ({
      ...escalation,
      drills: drills.map((drill) => ({ ...drill, reached: drill.reached.slice(0, 1) })),
    })),
    inconclusive: section('escalation', (escalation) => ({ ...escalation, drills: [] })),
  },
  'escalation.drill-is-recent': {
    fail: section('escalation', ({ drills, ...escalation }) => ({
      ...escalation,
      drills: drills.map(({ started, reached, ...drill }) => ({
        ...drill,
        started: started - LONG_AGO,
        reached: reached.map((one) => ({ ...one, at: one.at - LONG_AGO })),
      })),
    })),
    inconclusive: section('escalation', (escalation) => ({ ...escalation, drills: [] })),
  },
};

/** Facts of that day, where their name is one of those. */
function dated(date: string, of: (fact: string) => boolean): Damage {
  return section('sources', (sources) => sources.map((one) => (of(one.fact) ? { ...one, date } : one)));
}

type Ticket = Sections['tickets']['tickets'][number];
type Level = Sections['escalation']['levels'][number];

/** The section as `change` makes it of the flawless one. */
function section<S extends keyof Sections>(name: S, change: (value: Sections[S]) => Sections[S]): Damage {
  return changed(isFact(`support.${name}`), { value: change(structuredClone(flawlessSupport[name])) });
}

function lost(name: keyof Sections): Damage {
  return without(isFact(`support.${name}`));
}

function eachTicket(change: (ticket: Ticket) => Ticket): Damage {
  return section('tickets', ({ tickets, ...rest }) => ({ ...rest, tickets: tickets.map(change) }));
}

function eachLevel(change: (level: Level) => Level): Damage {
  return section('escalation', ({ levels, ...rest }) => ({ ...rest, levels: levels.map(change) }));
}
