import { didYouMean } from '../../config/suggest.ts';
import { UserError } from '../../errors.ts';
import type { Mistake } from '../../errors.ts';
import { NOT_UNDER_SLA } from '../parts.ts';
import type { TicketSource } from '../schema.ts';
import { layouts } from './formats.ts';
import type { Field } from './formats.ts';
import { readTable } from './table.ts';
import type { Row, Table } from './table.ts';
import { readTime } from './times.ts';
import type { TimeReading } from './times.ts';

/** A ticket as the export tells it; moments in ms since the epoch. Only what time limits need: no subject, no names. */
export interface Ticket {
  id: string;
  /** Where it stands in the export. */
  place: string;
  /** Severity of the SLA, `none` outside of it; undefined where the export has no value. */
  severity?: string;
  created?: number;
  firstResponse?: number;
  resolved?: number;
  /** Fields that have a value which is no moment. */
  unreadable: Field[];
}

type Columns = Partial<Record<Field, string>>;

/**
 * Reads the tickets of an export. What is wrong with single tickets is left for checks to judge; what the declaration gets wrong is refused.
 * @throws UserError naming every mistake with file, row, column and fix.
 */
export function readTickets(file: string, source: TicketSource, where: (field: string) => string): Ticket[] {
  const table = readTable(file, source.delimiter);
  const columns = findColumns(table, source, where);
  const times: TimeReading = {
    timeZone: source.timeZone,
    patterns: source.timeFormat === undefined ? layouts[source.format].timeFormats : [source.timeFormat],
    declared: source.timeFormat !== undefined,
  };
  const [first, ...rest] = [
    ...unmappedSeverities(table, columns, source, where),
    ...unreadableColumns(table, columns, times, where),
  ];
  if (first) throw new UserError(first, ...rest);
  return table.rows.map((row) => ticketIn(row, columns, source, times));
}

const needed: readonly { fields: Field[]; what: string }[] = [
  { fields: ['id'], what: "the ticket's id" },
  { fields: ['severity'], what: 'its severity or priority' },
  { fields: ['created'], what: 'the moment of its creation' },
  { fields: ['firstResponse', 'firstResponseMinutes'], what: 'the first response' },
  { fields: ['resolved'], what: 'the moment of its resolution' },
];

/** @throws UserError naming every column that is missing, or there twice. */
function findColumns(table: Table, source: TicketSource, where: (field: string) => string): Columns {
  const mistakes: Mistake[] = [];
  const columns: Columns = {};
  for (const { fields, what } of needed) {
    const found = fields.flatMap((field) => {
      const column = columnOf(field, table, source);
      return column === undefined ? [] : [{ field, column }];
    });
    const [best] = found;
    if (best === undefined) mistakes.push(missingColumn(fields, what, table, source, where));
    else if (table.columns.indexOf(best.column) !== table.columns.lastIndexOf(best.column))
      mistakes.push({
        what: `The export has the column "${best.column}" more than once`,
        where: where('file'),
        fix: 'export it without the other one',
      });
    else columns[best.field] = best.column;
  }
  const [first, ...rest] = mistakes;
  if (first) throw new UserError(first, ...rest);
  return columns;
}

function columnOf(field: Field, table: Table, { columns, format }: TicketSource): string | undefined {
  const declared = columns[field];
  const names = declared === undefined ? layouts[format].columns[field] : [declared];
  return names.find((name) => table.has(name));
}

function missingColumn(
  fields: Field[],
  what: string,
  table: Table,
  source: TicketSource,
  where: (field: string) => string,
): Mistake {
  const names = fields.flatMap((field) => source.columns[field] ?? layouts[source.format].columns[field]);
  const [field = 'id'] = fields;
  const near = names.map((name) => didYouMean(name, table.columns)).find((suggestion) => suggestion !== undefined);
  const listed = names.map((name) => `"${name}"`).join(' or ');
  return {
    what: `The export has no column for ${what}${listed === '' ? '' : ` (${listed})`}`,
    where: where('file'),
    fix: `export that column, or name it under tickets.columns.${field}; ${near ?? `the columns are ${table.columns.join(', ')}`}`,
  };
}

/** Severities that nobody said the meaning of: each once, with the first ticket that has it. */
function unmappedSeverities(
  table: Table,
  { severity = '' }: Columns,
  source: TicketSource,
  where: (field: string) => string,
): Mistake[] {
  const known = Object.keys(source.severities);
  const unknown = new Map<string, string>();
  for (const row of table.rows) {
    const value = row.value(severity);
    if (value !== '' && !known.includes(value) && !unknown.has(value)) unknown.set(value, row.place);
  }
  return [...unknown].map(([value, place]) => ({
    what: `The severity "${value}" of the export is not mapped to one of the SLA`,
    where: `${place} column "${severity}"`,
    fix: `add it at ${where('severities')} ("${NOT_UNDER_SLA}" when the SLA does not cover it)`,
  }));
}

const moments = ['created', 'firstResponse', 'resolved'] as const;

/** Columns whose times lack a zone, or of which not one value can be read: then the declaration is wrong, not the tickets. */
function unreadableColumns(
  table: Table,
  columns: Columns,
  times: TimeReading,
  where: (field: string) => string,
): Mistake[] {
  return moments.flatMap((field) => {
    const column = columns[field];
    if (column === undefined) return [];
    const values = table.rows
      .map((row) => ({ row, text: row.value(column) }))
      .filter(({ text }) => text !== '')
      .map(({ row, text }) => ({ row, text, time: readTime(text, times) }));
    const zoneless = values.find(({ time }) => 'unreadable' in time && time.unreadable === 'zone');
    if (zoneless !== undefined)
      return [
        {
          what: `"${zoneless.text}" does not say its time zone`,
          where: `${zoneless.row.place} column "${column}"`,
          fix: `say it at ${where('timeZone')}: the zone of the person or account that exported`,
        },
      ];
    const [sample] = values;
    if (sample === undefined || values.some(({ time }) => 'at' in time)) return [];
    return [
      {
        what: `"${sample.text}" is not a time in a known format`,
        where: `${sample.row.place} column "${column}"`,
        fix: `declare the pattern at ${where('timeFormat')}, e.g. "MM/dd/yyyy HH:mm:ss"`,
      },
    ];
  });
}

function ticketIn(row: Row, columns: Columns, { severities }: TicketSource, times: TimeReading): Ticket {
  const severity = severities[row.value(columns.severity ?? '')];
  const ticket: Ticket = {
    id: row.value(columns.id ?? ''),
    place: row.place,
    ...(severity === undefined ? {} : { severity }),
    unreadable: [],
  };
  for (const field of moments) {
    const text = row.value(columns[field] ?? '');
    if (text === '') continue;
    const time = readTime(text, times);
    if ('at' in time) ticket[field] = time.at;
    else ticket.unreadable.push(field);
  }
  return withMinutes(ticket, columns.firstResponseMinutes === undefined ? '' : row.value(columns.firstResponseMinutes));
}

/** The first response where the export counts it in minutes from the creation. */
function withMinutes(ticket: Ticket, text: string): Ticket {
  if (text === '') return ticket;
  const minutes = Number(text);
  if (!Number.isFinite(minutes)) return { ...ticket, unreadable: [...ticket.unreadable, 'firstResponse'] };
  return ticket.created === undefined ? ticket : { ...ticket, firstResponse: ticket.created + minutes * 60_000 };
}
