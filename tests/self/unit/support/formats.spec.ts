import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FormatName } from '../../../../helpers/support/tickets/formats.ts';
import { readTickets } from '../../../../helpers/support/tickets/tickets.ts';
import type { TicketSource } from '../../../../helpers/support/schema.ts';

/** The same two tickets as each ticket system exports them: one answered and resolved, one that nobody has looked at yet. */
const created = Date.parse('2026-09-03T13:30:00Z');
const answered = Date.parse('2026-09-03T13:42:00Z');
const resolved = Date.parse('2026-09-04T08:05:00Z');

interface Export {
  name: string;
  format: FormatName;
  text: string;
  declares?: Partial<TicketSource>;
}

const jiraHeader =
  'Summary,Issue key,Issue id,Issue Type,Status,Priority,Resolution,Created,Updated,Resolved,Comment,Comment,Custom field ([CHART] Date of First Response),Custom field (Time to first response)';
const zendeskHeader =
  'Summation column,Id,Requester,Subject,Status,Priority,Created at,Updated at,Solved at,Resolution time,First reply time in minutes,First reply time in minutes within business hours';

const exports: Export[] = [
  {
    name: 'a plain CSV file',
    format: 'plain',
    text: 'id,severity,created,first_response,resolved\nA,High,2026-09-03T15:30:00+02:00,2026-09-03T15:42:00+02:00,2026-09-04T10:05:00+02:00\nB,Low,2026-09-03T15:30:00+02:00,,\n',
  },
  {
    name: 'Zendesk as CSV, with minutes until the first reply',
    format: 'zendesk',
    declares: { timeZone: 'Europe/Berlin' },
    text: `${zendeskHeader}\n1,A,Someone,"Subject, with a comma",Closed,High,2026-09-03 15:30,2026-09-04 10:05,2026-09-04 10:05,18,12,12\n1,B,Someone,Other,New,Low,2026-09-03 15:30,2026-09-03 15:30,,,,\n`,
  },
  {
    name: 'Zendesk as JSON, with metric sets',
    format: 'zendesk',
    text: JSON.stringify({
      tickets: [
        {
          id: 'A',
          priority: 'High',
          created_at: '2026-09-03T13:30:00Z',
          metric_set: { solved_at: '2026-09-04T08:05:00Z', reply_time_in_minutes: { calendar: 12, business: 12 } },
        },
        {
          id: 'B',
          priority: 'Low',
          created_at: '2026-09-03T13:30:00Z',
          metric_set: { solved_at: null, reply_time_in_minutes: { calendar: null, business: null } },
        },
      ],
      count: 2,
    }),
  },
  {
    name: 'Zendesk as JSON Lines',
    format: 'zendesk',
    text: [
      {
        id: 'A',
        priority: 'High',
        created_at: '2026-09-03T13:30:00Z',
        metric_set: { solved_at: '2026-09-04T08:05:00Z', reply_time_in_minutes: { calendar: 12 } },
      },
      {
        id: 'B',
        priority: 'Low',
        created_at: '2026-09-03T13:30:00Z',
        metric_set: { solved_at: null, reply_time_in_minutes: { calendar: null } },
      },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  },
  {
    name: 'Jira Service Management as CSV, with times as they are shown and columns that repeat',
    format: 'jira-service-management',
    declares: { timeZone: 'Europe/Berlin' },
    text: `\uFEFF${jiraHeader}\n"Two\nlines",A,10001,Support,Done,High,Done,03/Sep/26 3:30 PM,04/Sep/26 10:05 AM,04/Sep/26 10:05 AM,one,two,03/Sep/26 3:42 PM,0:48\nOther,B,10002,Support,Open,Low,,03/Sep/26 3:30 PM,03/Sep/26 3:30 PM,,,,,\n`,
  },
  {
    name: 'Jira Service Management as JSON, with the custom field named',
    format: 'jira-service-management',
    declares: { columns: { firstResponse: 'fields.customfield_10024' } },
    text: JSON.stringify({
      startAt: 0,
      issues: [
        {
          key: 'A',
          fields: {
            priority: { name: 'High' },
            created: '2026-09-03T15:30:00.000+0200',
            resolutiondate: '2026-09-04T10:05:00.000+0200',
            customfield_10024: '2026-09-03T15:42:00.000+0200',
          },
        },
        {
          key: 'B',
          fields: {
            priority: { name: 'Low' },
            created: '2026-09-03T15:30:00.000+0200',
            resolutiondate: null,
            customfield_10024: null,
          },
        },
      ],
    }),
  },
  {
    name: 'ServiceNow as CSV, with names as headers',
    format: 'servicenow',
    declares: { timeZone: 'America/New_York' },
    text: '"number","opened_at","priority","state","first_response_time","resolved_at"\n"A","2026-09-03 09:30:00","High","Closed","2026-09-03 09:42:00","2026-09-04 04:05:00"\n"B","2026-09-03 09:30:00","Low","New","",""\n',
  },
  {
    name: 'ServiceNow as CSV, with labels as headers and a field of the instance',
    format: 'servicenow',
    declares: {
      timeZone: 'America/New_York',
      timeFormat: 'MM/dd/yyyy hh:mm:ss a',
      columns: { firstResponse: 'Answered' },
      delimiter: ';',
    },
    text: 'Number;Opened;Priority;Answered;Resolved\nA;09/03/2026 09:30:00 AM;High;09/03/2026 09:42:00 AM;09/04/2026 04:05:00 AM\nB;09/03/2026 09:30:00 AM;Low;;\n',
  },
  {
    name: 'ServiceNow as JSON of the Table API, with display values',
    format: 'servicenow',
    declares: { timeZone: 'UTC' },
    text: JSON.stringify({
      result: [
        {
          number: field('A'),
          priority: field('High', '2'),
          opened_at: field('2026-09-03 09:30:00', '2026-09-03 13:30:00'),
          first_response_time: field('2026-09-03 09:42:00', '2026-09-03 13:42:00'),
          resolved_at: field('2026-09-04 04:05:00', '2026-09-04 08:05:00'),
        },
        {
          number: field('B'),
          priority: field('Low', '4'),
          opened_at: field('2026-09-03 09:30:00', '2026-09-03 13:30:00'),
          first_response_time: field(''),
          resolved_at: field(''),
        },
      ],
    }),
  },
];

test.describe('Ticket exports', { tag: '@static' }, () => {
  for (const { name, format, text, declares } of exports) {
    test(`should be understood as they come: ${name}`, () => {
      expect(read(format, text, declares).map(({ place: _place, ...ticket }) => ticket)).toEqual([
        { id: 'A', severity: 'P1', created, firstResponse: answered, resolved, unreadable: [] },
        { id: 'B', severity: 'P3', created, unreadable: [] },
      ]);
    });
  }

  test('should name each ticket by its line, also after one that spans several', () => {
    const text = 'id,severity,created,first_response,resolved,note\nA,High,,,,"one\ntwo"\nB,High,,,,\n';
    expect(read('plain', text).map(({ place }) => place.replace(/^.*\//, ''))).toEqual(['export:2', 'export:4']);
  });
});

function read(format: FormatName, text: string, declares: Partial<TicketSource> = {}) {
  const folder = test.info().outputPath('target');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'export');
  writeFileSync(file, text);
  const source: TicketSource = {
    file,
    format,
    exportedAt: '2026-10-01T00:00:00Z',
    severities: { High: 'P1', Low: 'P3' },
    delimiter: ',',
    columns: {},
    source: 'test',
    date: '2026-10-01',
    ...declares,
  };
  return readTickets(file, source, (place) => place);
}

function field(shown: string, value = shown) {
  return { display_value: shown, value };
}
