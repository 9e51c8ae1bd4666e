import type { HistoryWriter } from '../history/history.ts';
import { Contacts, initials } from './contacts.ts';
import type { Support } from './load.ts';
import { msOf } from './parts.ts';
import { ABOUT, keyOf } from './recorded.ts';
import type { Section, Sections } from './recorded.ts';
import type { SupportFacts } from './schema.ts';

/**
 * Records what checks need of the facts about support, and no more: no names, no contact that could be used.
 * @param now moment of recording, in ms since the epoch.
 */
export function recordSupport(history: HistoryWriter, support: Support | undefined, now: number): void {
  const sample = support?.facts.sample ?? false;
  // What is made up does not age: it is judged as of its own latest day.
  const asOf = support !== undefined && sample ? latestOf(sourcesOf(support.facts), now) : now;
  history.fact(ABOUT, { declared: support !== undefined, sample, asOf });
  if (support === undefined) return;
  for (const [section, value] of Object.entries(sectionsOf(support)) as [Section, unknown][]) {
    if (value !== undefined) history.fact(keyOf(section), value);
  }
}

function sectionsOf({ facts, tickets }: Support): { [S in Section]: Sections[S] | undefined } {
  const contacts = new Contacts();
  const { pilot, sla, calendar } = facts;
  return {
    sources: sourcesOf(facts),
    pilot: pilot && { from: pilot.from, to: pilot.to },
    engineers: facts.engineers?.map((engineer) => engineerOf(engineer, contacts)),
    sla: sla?.severities.map(({ firstResponse, resolution, ...severity }) => ({
      ...severity,
      firstResponse: msOf(firstResponse),
      ...(resolution === undefined ? {} : { resolution: msOf(resolution) }),
    })),
    calendar: calendar && { timeZone: calendar.timeZone, week: calendar.week, holidays: calendar.holidays },
    tickets: facts.tickets && {
      exportedAt: Date.parse(facts.tickets.exportedAt),
      format: facts.tickets.format,
      tickets: tickets ?? [],
    },
    escalation: facts.escalation && escalationOf(facts.escalation, contacts),
  };
}

function engineerOf(
  { name, role, dedicated, contact, hours, deputy }: NonNullable<SupportFacts['engineers']>[number],
  contacts: Contacts,
): Sections['engineers'][number] {
  return {
    who: initials(name),
    role,
    dedicated,
    contacts: contacts.record(contact),
    hours,
    ...(deputy === undefined
      ? {}
      : { deputy: { who: initials(deputy.name), contacts: contacts.record(deputy.contact) } }),
  };
}

function escalationOf(
  { validFrom, validUntil, covers, levels, statusPage, drills }: NonNullable<SupportFacts['escalation']>,
  contacts: Contacts,
): Sections['escalation'] {
  return {
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    covers,
    levels: levels.map(({ name, role, person, channel, contact, hours, timeLimit }) => ({
      name,
      role,
      ...(person === undefined ? {} : { who: initials(person) }),
      channel,
      contacts: contacts.record(contact),
      hours,
      ...(timeLimit === undefined ? {} : { timeLimit: msOf(timeLimit) }),
    })),
    ...(statusPage === undefined ? {} : { statusPage: contacts.record({ url: statusPage }) }),
    drills: drills.map(({ severity, started, reached }) => ({
      severity,
      started: Date.parse(started),
      reached: reached.map(({ level, at }) => ({ level, at: Date.parse(at) })),
    })),
  };
}

/** Every fact with its source and date, by the name of its section. */
function sourcesOf({ pilot, engineers, sla, calendar, tickets, escalation }: SupportFacts): Sections['sources'] {
  const one = (fact: string, known: { source: string; date: string } | undefined) =>
    known === undefined ? [] : [{ fact, source: known.source, date: known.date }];
  return [
    ...one('pilot', pilot),
    ...(engineers ?? []).flatMap((engineer, index) => one(`engineers[${index}]`, engineer)),
    ...one('sla', sla),
    ...one('calendar', calendar),
    ...one('tickets', tickets),
    ...one('escalation', escalation),
    ...(escalation?.drills ?? []).flatMap((drill, index) => one(`escalation.drills[${index}]`, drill)),
  ];
}

/** The end of the latest day among the facts. */
function latestOf(sources: Sections['sources'], otherwise: number): number {
  const days = sources.map(({ date }) => Date.parse(`${date}T23:59:59Z`));
  return days.length === 0 ? otherwise : Math.max(...days);
}
