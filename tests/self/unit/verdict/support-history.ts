import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { Sections } from '../../../../helpers/support/recorded.ts';

/** Facts about support as a flawless target with real facts would leave them in a history of 2026-11-21. */

/** Moment at which the history begins: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;

const day = (date: string, time = '09:00') => Date.parse(`${date}T${time}:00Z`);
const email = (id: string) => [{ kind: 'email' as const, masked: `${id.slice(0, 1)}***@seatrial.dev`, id }];

export const flawlessSupport: Sections = {
  sources: ['pilot', 'engineers[0]', 'sla', 'calendar', 'tickets', 'escalation', 'escalation.drills[0]'].map(
    (fact) => ({
      fact,
      source: 'contract of 2026-08-20',
      date: '2026-11-02',
    }),
  ),
  pilot: { from: '2026-09-01', to: '2026-10-30' },
  engineers: [
    {
      who: 'A. B.',
      role: 'solutions engineer',
      dedicated: true,
      contacts: email('engineer'),
      hours: {
        timeZone: 'Europe/Berlin',
        week: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '16:00' }],
        holidays: [],
      },
      deputy: { who: 'C. D.', contacts: email('deputy') },
    },
  ],
  sla: [
    { name: 'P0', firstResponse: 900_000, resolution: 14_400_000, clock: '24x7', attainmentPercent: 100 },
    { name: 'P1', firstResponse: 3_600_000, resolution: 28_800_000, clock: '24x7', attainmentPercent: 100 },
    { name: 'P2', firstResponse: 14_400_000, resolution: 86_400_000, clock: 'business-hours', attainmentPercent: 100 },
  ],
  calendar: {
    timeZone: 'Europe/Berlin',
    week: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '17:00' }],
    holidays: [],
  },
  tickets: {
    exportedAt: day('2026-11-02'),
    format: 'plain',
    tickets: [
      ticket('T-1', 'P0', ['2026-09-03', '02:00'], ['2026-09-03', '02:10'], ['2026-09-03', '04:00']),
      ticket('T-2', 'P1', ['2026-09-21', '10:00'], ['2026-09-21', '10:40'], ['2026-09-21', '15:00']),
      // Over a weekend: Friday afternoon to Monday morning.
      ticket('T-3', 'P2', ['2026-10-09', '14:30'], ['2026-10-12', '08:30'], ['2026-10-13', '12:00']),
    ],
  },
  escalation: {
    validFrom: '2026-10-31',
    covers: ['P0', 'P1'],
    levels: [
      {
        name: 'on call',
        role: 'engineer',
        channel: 'pager',
        contacts: email('on-call'),
        hours: '24x7',
        timeLimit: 1_800_000,
      },
      { name: 'manager', role: 'manager', channel: 'phone', contacts: email('manager'), hours: '24x7' },
    ],
    statusPage: [{ kind: 'url', masked: 'https://status.seatrial.dev', id: 'status' }],
    drills: [
      {
        severity: 'P0',
        started: day('2026-10-20', '20:00'),
        reached: [
          { level: 'on call', at: day('2026-10-20', '20:05') },
          { level: 'manager', at: day('2026-10-20', '20:30') },
        ],
      },
    ],
  },
};

/** The history that holds these facts. */
export function supportHistory(sections: Partial<Sections>, about = { declared: true, sample: false }): History {
  const fact = (key: string, value: unknown): HistoryRecord => ({ type: 'fact', at: START + 20, key, value });
  return new History([
    { type: 'begin', at: START, experiment: 'support.facts', target: 'contextforge', run: '20261121-100000-abcd' },
    { type: 'step', id: 'read', title: 'read', start: START, end: START + 20, ok: true, detail: { declared: true } },
    fact('support.declared', { ...about, asOf: START }),
    ...Object.entries(sections).map(([section, value]) => fact(`support.${section}`, value)),
    { type: 'end', at: START + 30, status: 'completed' },
  ]);
}

function ticket(id: string, severity: string, ...[created, answered, resolved]: [string, string][]) {
  const at = (moment: [string, string] | undefined) => (moment === undefined ? Number.NaN : day(...moment));
  return {
    id,
    severity,
    place: `tickets.csv:${id.slice(2)}`,
    created: at(created),
    firstResponse: at(answered),
    resolved: at(resolved),
    unreadable: [],
  };
}
