import { readFileSync, statSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { shortName } from '../../config/document.ts';
import { messageOf, UserError } from '../../errors.ts';

/** More than any pilot leaves behind; reading more would take long. */
const LARGEST = 32 * 1024 * 1024;

/** An export as it is: nothing in it is understood yet. */
export interface Table {
  /** Columns of a CSV file, in order and with repetitions; in JSON the fields of its first ticket. */
  columns: readonly string[];
  /** Whether the export has the column, if only empty. */
  has(column: string): boolean;
  rows: readonly Row[];
}

export interface Row {
  /** Where it stands: `tickets.csv:17`, or `tickets.json entry 3`. */
  place: string;
  /** The value as text, trimmed; empty when there is none. */
  value(column: string): string;
}

/**
 * Reads an export: CSV, a JSON list, a JSON object that holds one list, or JSON Lines.
 * @throws UserError naming the file, the line and the fix.
 */
export function readTable(file: string, delimiter: string): Table {
  const name = shortName(file);
  const { size } = statSync(file);
  if (size > LARGEST) {
    throw new UserError({
      what: `The export has ${size} bytes; at most ${LARGEST} are read`,
      where: name,
      fix: 'export the tickets of the pilot only, without comments and descriptions',
    });
  }
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '')
    throw new UserError({
      what: 'The export is empty',
      where: name,
      fix: 'export the tickets again, with their header',
    });
  return /^\s*[[{]/.test(text) ? jsonTable(text, name) : csvTable(text, name, delimiter);
}

function csvTable(text: string, name: string, delimiter: string): Table {
  const [header, ...records] = csvRecords(text, name, delimiter);
  const columns = (header?.record ?? []).map((column) => column.trim());
  const position = new Map(columns.map((column, index) => [column, index] as const).toReversed());
  return {
    columns,
    has: (column) => position.has(column),
    rows: records.map(({ record, line }) => ({
      place: `${name}:${line}`,
      value: (column) => record[position.get(column) ?? -1]?.trim() ?? '',
    })),
  };
}

function csvRecords(text: string, name: string, delimiter: string): { record: string[]; line: number }[] {
  try {
    const records = parse(text, { delimiter, info: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    // The parser counts the lines that it has read; a record begins after the one before it.
    return records.map(({ record }, index) => ({ record, line: (records[index - 1]?.info.lines ?? 0) + 1 }));
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw new UserError({
      what: `The export is not valid CSV: ${thrown.message}`,
      where: name,
      fix: 'export it again, or declare what separates its columns (tickets.delimiter: ";")',
    });
  }
}

function jsonTable(text: string, name: string): Table {
  const entries = jsonEntries(text, name);
  const [first = {}] = entries;
  return {
    columns: Object.keys(first),
    has: (column) => entries.some((entry) => scalarAt(entry, column) !== undefined),
    rows: entries.map((entry, index) => ({
      place: `${name} entry ${index + 1}`,
      value: (column) => String(scalarAt(entry, column) ?? '').trim(),
    })),
  };
}

function jsonEntries(text: string, name: string): object[] {
  const value = parseJson(text, name);
  const lists = Array.isArray(value) ? [value] : Object.values(value as object).filter((part) => Array.isArray(part));
  const [list] = lists as unknown[][];
  // A line of JSON Lines that stands alone is one ticket.
  const entries = list ?? [value];
  if (lists.length <= 1 && entries.every((entry) => typeof entry === 'object' && entry !== null)) return entries;
  throw new UserError({
    what: 'The export holds no single list of tickets',
    where: name,
    fix: 'write a JSON list of objects, one for each ticket',
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      throw new UserError({
        what: `The export is not valid JSON: ${messageOf(thrown)}`,
        where: name,
        fix: 'export it again, whole',
      });
    }
  }
}

type Scalar = string | number | boolean | null;

/** The value at a path; undefined when there is none, or when it is no text, number or boolean. */
function scalarAt(entry: object, path: string): Scalar | undefined {
  const whole = (entry as Record<string, unknown>)[path];
  const value = whole ?? path.split('.').reduce<unknown>((part, key) => stepInto(part, key), entry);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as Scalar) : undefined;
}

function stepInto(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
