import { pilotTickets, repeatedIds } from './judge.ts';
import type { Terms } from './judge.ts';
import type { Ticket } from './tickets.ts';

/** What is wrong with the tickets of the pilot; each with the ticket and its place in the export. */
export interface Faults {
  /** What cannot be true. */
  contradictions: string[];
  /** What is not said, though a judgement needs it. */
  gaps: string[];
}

/** Looks through the tickets of the pilot for what cannot be judged. Pure. */
export function faultsIn(terms: Terms): Faults {
  const repeated = repeatedIds(terms.tickets.tickets);
  const { exportedAt } = terms.tickets;
  const tickets = pilotTickets(terms);
  const named = (find: (ticket: Ticket) => string[]) =>
    tickets.flatMap((ticket) => find(ticket).map((fault) => `${nameOf(ticket)} ${fault}`));
  return {
    contradictions: named((ticket) => [
      ...(repeated.has(ticket.id) ? ['is there more than once'] : []),
      ...impossibleTimes(ticket, exportedAt),
    ]),
    gaps: named(gapsIn),
  };
}

/** `ZD-1041 (tickets.csv:17)`. */
function nameOf({ id, place }: Ticket): string {
  return id === '' ? `a ticket without an id (${place})` : `${id} (${place})`;
}

function impossibleTimes({ created, firstResponse, resolved }: Ticket, exportedAt: number): string[] {
  const before = (moment: number | undefined) => created !== undefined && moment !== undefined && moment < created;
  return [
    ...(before(firstResponse) ? ['was answered before it was created'] : []),
    ...(before(resolved) ? ['was resolved before it was created'] : []),
    ...([created, firstResponse, resolved].some((moment) => moment !== undefined && moment > exportedAt)
      ? ['has a time after the export was taken']
      : []),
  ];
}

function gapsIn({ id, severity, created, firstResponse, resolved, unreadable }: Ticket): string[] {
  const readable = unreadable.length === 0;
  return [
    ...(id === '' ? ['cannot be told from others'] : []),
    ...(severity === undefined ? ['has no severity'] : []),
    ...unreadable.map((field) => `has a ${field} that is no time`),
    ...(created === undefined && readable ? ['has no time of creation'] : []),
    ...(resolved !== undefined && firstResponse === undefined && readable
      ? ['was resolved without a time of first response']
      : []),
  ];
}
