import { DateTime } from 'luxon';
import { NOT_UNDER_SLA } from '../parts.ts';
import type { RecordedSeverity, Sections } from '../recorded.ts';
import { workingTime } from '../working-time.ts';
import type { Ticket } from './tickets.ts';

/** What tickets are held against. */
export interface Terms {
  pilot: Sections['pilot'];
  sla: Sections['sla'];
  calendar?: Sections['calendar'] | undefined;
  tickets: Sections['tickets'];
}

export type Limited = 'firstResponse' | 'resolution';

/** A ticket against one time limit. */
export interface Judged {
  ticket: Ticket;
  severity: RecordedSeverity;
  /** `open`: the limit is not reached yet. `unknown`: the export does not tell. */
  outcome: 'kept' | 'broken' | 'open' | 'unknown';
  /** On the clock of the severity, in ms: to the end, or to the export while there is none. */
  elapsed?: number;
  limit: number;
}

/** First and last moment of the pilot, in ms since the epoch; its days are those of the business calendar's time zone. */
export function pilotPeriod({ pilot, calendar }: Pick<Terms, 'pilot' | 'calendar'>): { start: number; end: number } {
  const zone = calendar?.timeZone ?? 'utc';
  const midnight = (date: string) => DateTime.fromISO(date, { zone });
  return { start: midnight(pilot.from).toMillis(), end: midnight(pilot.to).plus({ days: 1 }).toMillis() };
}

/** The tickets that were opened in the pilot, or of which nobody can say when. */
export function pilotTickets(terms: Terms): Ticket[] {
  const { start, end } = pilotPeriod(terms);
  return terms.tickets.tickets.filter(({ created }) => created === undefined || (created >= start && created < end));
}

/** Every ticket of the pilot under a severity that limits this, judged. */
export function judged(limited: Limited, terms: Terms): Judged[] {
  const repeated = repeatedIds(terms.tickets.tickets);
  return pilotTickets(terms).flatMap((ticket): Judged[] => {
    const severity = terms.sla.find(({ name }) => name === ticket.severity);
    const limit = severity?.[limited];
    if (severity === undefined || limit === undefined) return [];
    const elapsed = elapsedOf(limited, ticket, severity, terms);
    const { ended } = endOf(limited, ticket);
    if (elapsed === undefined || repeated.has(ticket.id)) return [{ ticket, severity, limit, outcome: 'unknown' }];
    const outcome = elapsed > limit ? 'broken' : ended === undefined ? 'open' : 'kept';
    return [{ ticket, severity, limit, elapsed, outcome }];
  });
}

/** Tickets of the pilot that no time limit can be applied to, for want of a severity. */
export function withoutSeverity(terms: Terms): Ticket[] {
  return pilotTickets(terms).filter(({ severity }) => severity === undefined);
}

/** Tickets of the pilot that the SLA does not cover. */
export function outsideSla(terms: Terms): Ticket[] {
  return pilotTickets(terms).filter(({ severity }) => severity === NOT_UNDER_SLA);
}

/** Ids that stand for more than one ticket, so that nothing said about them can be believed. */
export function repeatedIds(tickets: readonly Ticket[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { id } of tickets.filter((ticket) => ticket.id !== '')) (seen.has(id) ? repeated : seen).add(id);
  return repeated;
}

function endOf(limited: Limited, ticket: Ticket): { ended: number | undefined; field: 'firstResponse' | 'resolved' } {
  return limited === 'resolution'
    ? { ended: ticket.resolved, field: 'resolved' }
    : { ended: ticket.firstResponse, field: 'firstResponse' };
}

/** Time on the clock, in ms; undefined when the export contradicts itself or leaves it open. */
function elapsedOf(limited: Limited, ticket: Ticket, severity: RecordedSeverity, terms: Terms): number | undefined {
  const { created } = ticket;
  const { exportedAt } = terms.tickets;
  const { ended, field } = endOf(limited, ticket);
  const hours = severity.clock === '24x7' ? '24x7' : terms.calendar;
  if (created === undefined || hours === undefined || ticket.unreadable.includes(field)) return undefined;
  // Resolved without an answer: whether anybody answered in time, or at all, is not known.
  const isOver = ticket.resolved !== undefined || ticket.unreadable.includes('resolved');
  if (ended === undefined && isOver) return undefined;
  const until = ended ?? exportedAt;
  return until < created || until > exportedAt ? undefined : workingTime(hours, created, until);
}
