import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { UserError } from '../../../../helpers/errors.ts';
import { loadSupport } from '../../../../helpers/support/load.ts';
import { flawlessFacts, writeFacts, type Brought } from './real-facts.ts';

/** An export that does not fit what is declared of it: the place in the export, and what to do. */
interface Case {
  name: string;
  text: string;
  declares?: Partial<Brought['facts']['tickets']>;
  says: RegExp[];
}

const header = 'id,severity,created,first_response,resolved';
const cases: Case[] = [
  { name: 'an empty file', text: '', says: [/The export is empty/, /tickets\.csv/, /with their header/] },
  {
    name: 'a column that is missing, and one that is called otherwise',
    text: 'id,severity,creatd,first_response\n1,P0,2026-09-01T10:00:00Z,',
    says: [
      /no column for the moment of its creation \("created"\)/,
      /tickets\.columns\.created; did you mean "creatd"/,
      /no column for the moment of its resolution/,
    ],
  },
  {
    name: 'a column that is there twice',
    text: 'id,severity,created,first_response,resolved,resolved\n1,P0,2026-09-01T10:00:00Z,,,',
    says: [/has the column "resolved" more than once/],
  },
  {
    name: 'severities that nobody mapped',
    text: `${header}\n1,P0,2026-09-01T10:00:00Z,,\n2,Blocker,2026-09-01T10:00:00Z,,\n3,Trivial,2026-09-01T10:00:00Z,,\n4,Blocker,2026-09-01T10:00:00Z,,`,
    says: [
      /"Blocker" of the export is not mapped[\s\S]*tickets\.csv:3 column "severity"[\s\S]*facts\.yaml:\d+ tickets\.severities/,
      /"Trivial"[\s\S]*tickets\.csv:4/,
    ],
  },
  {
    name: 'times without a zone',
    text: `${header}\n1,P0,2026-09-01T10:00:00Z,2026-09-01 10:05,`,
    says: [
      /"2026-09-01 10:05" does not say its time zone/,
      /tickets\.csv:2 column "first_response"/,
      /tickets\.timeZone/,
    ],
  },
  {
    name: 'times in a format of their own',
    text: `${header}\n1,P0,1.9.2026 10 Uhr,,\n2,P1,2.9.2026 11 Uhr,,`,
    says: [
      /"1\.9\.2026 10 Uhr" is not a time in a known format/,
      /tickets\.csv:2 column "created"/,
      /tickets\.timeFormat/,
    ],
  },
  {
    name: 'days without a time of day',
    text: `${header}\n1,P0,2026-09-01,2026-09-01,2026-09-02`,
    declares: { timeZone: 'Europe/Berlin' },
    says: [/"2026-09-01" is not a time in a known format/],
  },
  {
    name: 'a declared pattern that is not that of the times',
    text: `${header}\n1,P0,2026-09-01T10:00:00Z,,`,
    declares: { timeFormat: 'MM/dd/yyyy HH:mm', timeZone: 'Europe/Berlin' },
    says: [/is not a time in a known format/],
  },
  {
    name: 'semicolons where commas are declared',
    text: 'id;severity;created;first_response;resolved\n1;P0;2026-09-01T10:00:00Z;;',
    says: [/no column for the ticket's id/, /the columns are id;severity/],
  },
  {
    name: 'a row with a column too many',
    text: `${header}\n1,P0,2026-09-01T10:00:00Z,,,,`,
    says: [/not valid CSV: .*line 2/, /delimiter/],
  },
  { name: 'a quote that is never closed', text: `${header}\n1,"P0,2026-09-01T10:00:00Z,,`, says: [/not valid CSV/] },
  { name: 'half a JSON file', text: '[{"id": 1,', says: [/not valid JSON/, /whole/] },
  { name: 'JSON that is no list', text: '{"a": [], "b": []}', says: [/no single list of tickets/] },
  { name: 'JSON of numbers', text: '[1, 2]', says: [/no single list of tickets/] },
];

test.describe('A ticket export that does not fit its declaration', { tag: '@static' }, () => {
  for (const { name, text, declares = {}, says } of cases) {
    test(`should be refused with row, column and fix: ${name}`, () => {
      const message = refusal(text, declares);
      for (const part of says) expect(message).toMatch(part);
    });
  }

  test('should never fail but with a mistake to repair, whatever is in it', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('P0', 'P1', '2026-09-01T10:00:00Z', '', '"', 'id', '\n', '0'));
    const file = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .array(fc.array(cell, { minLength: 5, maxLength: 5 }))
        .map((rows) => [header, ...rows.map((row) => row.join(','))].join('\n')),
    );
    fc.assert(
      fc.property(file, (text) => {
        expect(() => refusal(text, {})).not.toThrow();
      }),
    );
  });
});

/** The message with which an export is refused; empty when it is not. */
function refusal(text: string, declares: Partial<Brought['facts']['tickets']>): string {
  const brought = flawlessFacts();
  Object.assign(brought.facts.tickets, declares);
  const folder = test.info().outputPath('target');
  const file = writeFacts(folder, brought);
  writeFileSync(join(folder, 'tickets.csv'), text);
  try {
    loadSupport(file);
    return '';
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}
