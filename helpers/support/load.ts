import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readDocument } from '../config/document.ts';
import { parseDeclaration } from '../config/explain.ts';
import { UserError } from '../errors.ts';
import { boundaryOf, problemOf } from '../target/boundary.ts';
import { contradictions } from './consistency.ts';
import { supportSchema } from './schema.ts';
import type { SupportFacts } from './schema.ts';
import { readTickets } from './tickets/tickets.ts';
import type { Ticket } from './tickets/tickets.ts';

/** Facts about support, and the tickets of the export that they name. */
export interface Support {
  facts: SupportFacts;
  tickets?: Ticket[];
}

/**
 * Reads and validates facts about support, and the ticket export that they name. Executes nothing.
 * @throws UserError naming every mistake with file, line or row, field or column, and the fix.
 */
export function loadSupport(file: string): Support {
  const document = readDocument(file);
  const parsed = parseDeclaration(supportSchema, document);
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);
  const facts = parsed.value;

  const folder = dirname(file);
  const [first, ...rest] = [...contradictions(facts), ...exportProblems(facts, folder)].map(({ path, what, fix }) => ({
    what,
    where: document.place(path),
    fix,
  }));
  if (first) throw new UserError(first, ...rest);
  if (facts.tickets === undefined) return { facts };
  const tickets = readTickets(resolve(folder, facts.tickets.file), facts.tickets, (field) =>
    document.place(['tickets', field]),
  );
  return { facts, tickets };
}

function exportProblems({ tickets }: SupportFacts, folder: string) {
  if (tickets === undefined) return [];
  const { file } = tickets;
  const isFolder = { what: `"${file}" is a folder`, fix: 'name the file of the export' };
  const problem =
    problemOf(file, folder, boundaryOf(folder)) ??
    (statSync(resolve(folder, file)).isDirectory() ? isFolder : undefined);
  return problem === undefined ? [] : [{ path: ['tickets', 'file'], ...problem }];
}
