import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseDocument } from 'yaml';
import { UserError, type Mistake } from '../../../../helpers/errors.ts';
import { loadSupport } from '../../../../helpers/support/load.ts';
import { flawlessFacts, writeFacts } from './real-facts.ts';

/** One value among flawless facts that a person gets wrong: where it stands, what is said, and how it is repaired. */
interface Case {
  name: string;
  path: (string | number)[];
  value: unknown;
  what: string | RegExp;
  fix: string | RegExp;
  /** Section in which it is found, where that is not the one of the value. */
  section?: string;
  /** How many other mistakes follow from it. */
  others?: number;
}

const cases: Case[] = [
  {
    name: 'a section that is misspelt',
    path: ['escalaton'],
    value: {},
    what: '"escalaton" is not a field of this file',
    fix: 'did you mean "escalation"?',
  },
  {
    name: 'no word on whether it is a sample',
    path: ['sample'],
    value: undefined,
    what: '"sample" is missing',
    fix: /made up/,
  },
  {
    name: 'an address without a host',
    path: ['engineers', 0, 'contact', 'email'],
    value: 'anna',
    what: /must be an e-mail address/,
    fix: 'write: E-mail address',
  },
  {
    name: 'a phone number as it is dialled at home',
    path: ['escalation', 'levels', 0, 'contact', 'phone'],
    value: '030 901820',
    what: /international form/,
    fix: /\+4930901820/,
  },
  {
    name: 'a status page without TLS',
    path: ['escalation', 'statusPage'],
    value: 'http://status.seatrial.dev',
    what: /must be a URL that starts with https/,
    fix: /https/,
  },
  {
    name: 'a contact without any address',
    path: ['engineers', 0, 'contact'],
    value: {},
    what: /must have "email:", "phone:" or "url:"/,
    fix: /How to reach them/,
  },
  {
    name: 'a fact without a source',
    path: ['sla', 'source'],
    value: undefined,
    what: '"source" is missing',
    fix: /Where this is known from/,
  },
  {
    name: 'a day that does not exist',
    path: ['pilot', 'from'],
    value: '2026-02-30',
    what: /must be a date/,
    fix: /First day of the pilot/,
  },
  {
    name: 'a moment without a zone',
    path: ['tickets', 'exportedAt'],
    value: '2026-11-02T09:00:00',
    what: /must be a moment with its zone/,
    fix: /with its zone/,
  },
  {
    name: 'a limit in words',
    path: ['sla', 'severities', 0, 'firstResponse'],
    value: 'one hour',
    what: /number of minutes or hours/,
    fix: /15m or 4h/,
  },
  {
    name: 'a time zone that is none',
    path: ['calendar', 'timeZone'],
    value: 'Berlin',
    what: /must be an IANA time zone/,
    fix: /Europe\/Berlin/,
  },
  {
    name: 'hours over midnight',
    path: ['calendar', 'week', 0],
    value: { days: ['monday'], from: '22:00', to: '06:00' },
    what: /must end after it begins/,
    fix: /Hours on some days/,
  },
  {
    name: 'an hour that does not exist',
    path: ['calendar', 'week', 0, 'to'],
    value: '25:00',
    what: /must be a time of day/,
    fix: /End, local time/,
  },
  {
    name: 'a day of the week that is misspelt',
    path: ['calendar', 'week', 0, 'days', 0],
    value: 'munday',
    what: /must be "monday" or/,
    fix: 'did you mean "monday"?',
  },
  {
    name: 'a ticket system that nobody knows',
    path: ['tickets', 'format'],
    value: 'zendesc',
    what: /must be "zendesk" or/,
    fix: 'did you mean "zendesk"?',
  },
  {
    name: 'a pilot that ends before it begins',
    path: ['pilot', 'to'],
    value: '2020-01-01',
    what: /ends on 2020-01-01, before it begins/,
    fix: 'correct one of the two',
  },
  {
    name: 'two severities of one name',
    path: ['sla', 'severities', 1, 'name'],
    value: 'P0',
    what: 'The severity "P0" is declared twice',
    fix: 'rename or remove one',
    others: 2,
  },
  {
    name: 'business hours that nobody declared',
    path: ['calendar'],
    value: undefined,
    what: /no business hours are declared/,
    fix: /add "calendar:"/,
    section: 'sla',
  },
  {
    name: 'a mapping to a severity that there is not',
    path: ['tickets', 'severities', 'P0'],
    value: 'P00',
    what: '"P00" is not a severity of the SLA',
    fix: /did you mean "P0"\?/,
  },
  {
    name: 'escalation of a severity that there is not',
    path: ['escalation', 'covers', 1],
    value: 'Sev1',
    what: '"Sev1" is not a severity of the SLA',
    fix: /use one of P0, P1, P2/,
  },
  {
    name: 'a drill of a level that there is not',
    path: ['escalation', 'drills', 0, 'reached', 1, 'level'],
    value: 'manger',
    what: '"manger" is not a level of the path',
    fix: 'did you mean "manager"?',
  },
  {
    name: 'two levels of one name',
    path: ['escalation', 'levels', 2, 'name'],
    value: 'on call',
    what: 'The level "on call" is declared twice',
    fix: 'rename or remove one',
    others: 1,
  },
  {
    name: 'an export that is not there',
    path: ['tickets', 'file'],
    value: 'ticket.csv',
    what: '"ticket.csv" does not exist',
    fix: /correct the path/,
  },
  {
    name: 'an export by its absolute path',
    path: ['tickets', 'file'],
    value: '/etc/hostname',
    what: /is an absolute path/,
    fix: /relative/,
  },
  {
    name: 'a folder for an export',
    path: ['tickets', 'file'],
    value: 'empty',
    what: '"empty" is a folder',
    fix: 'name the file of the export',
  },
];

test.describe('Facts about support with a mistake', { tag: '@static' }, () => {
  for (const { name, path, value, what, fix, section = path[0], others: more = 0 } of cases) {
    test(`should be refused with place and fix: ${name}`, () => {
      const [mistake, ...others] = mistakesIn(path, value);
      expect(others).toHaveLength(more);
      expect(mistake?.what).toMatch(what);
      expect(mistake?.fix).toMatch(fix);
      // The line is the one of the value, or of what it is missing from.
      expect(mistake?.where).toMatch(/facts\.yaml:\d+/);
      expect(mistake?.where).toContain(` ${section ?? ''}`);
    });
  }

  test('should be told with all its mistakes at once', () => {
    const file = writeFacts(folder(), flawlessFacts());
    writeFileSync(file, 'apiVersion: seatrial.dev/v1\nkind: SupportFact\nsample: no\npilot: { from: soon }\n');
    expect(mistakesOf(file).map(({ where }) => where?.replace(/^.*facts/, 'facts'))).toEqual([
      'facts.yaml:2 kind',
      'facts.yaml:3 sample',
      'facts.yaml:4 pilot.from',
      'facts.yaml:4 pilot.to',
      'facts.yaml:4 pilot.source',
      'facts.yaml:4 pilot.date',
    ]);
  });
});

function mistakesIn(path: (string | number)[], value: unknown): readonly Mistake[] {
  const brought = flawlessFacts();
  const target = folder();
  mkdirSync(join(target, 'empty'), { recursive: true });
  const file = writeFacts(target, brought);
  const yaml = parseDocument(JSON.stringify(brought.facts));
  if (value === undefined) yaml.deleteIn(path);
  else yaml.setIn(path, value);
  writeFileSync(file, yaml.toString());
  return mistakesOf(file);
}

function mistakesOf(file: string): readonly Mistake[] {
  try {
    loadSupport(file);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.mistakes;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

function folder(): string {
  const path = test.info().outputPath('target');
  rmSync(path, { recursive: true, force: true });
  return path;
}
