import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { supportFacts } from '../../../../helpers/experiments/support-facts.ts';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import type { History } from '../../../../helpers/history/history.ts';
import type { supportSchema } from '../../../../helpers/support/schema.ts';
import { runnerOptions } from '../experiments/ask.ts';

type Declared = z.input<typeof supportSchema>;

/** Facts of a flawless pilot that ended ten days ago, as a person would bring them; tests take one thing away. */
export interface Brought {
  facts: { [S in keyof Declared]-?: NonNullable<Declared[S]> };
  /** Rows of a plain export; moments are ISO 8601. */
  tickets: BroughtTicket[];
}

export interface BroughtTicket {
  id: string;
  severity: string;
  created: string;
  first_response: string;
  resolved: string;
}

const ZONE = 'Europe/Berlin';
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
export const atWork = { timeZone: ZONE, week: [{ days: [...weekdays], from: '09:00', to: '17:00' }] };
const pilotEnd = DateTime.now().setZone(ZONE).startOf('day').minus({ days: 10 });
const pilotStart = pilotEnd.minus({ days: 60 });

/** ISO 8601 of a moment in a working day of the pilot: `day` counts from its start, weekends are gone past. */
export function inPilot(day: number, hour: number, minute = 0): string {
  const date = pilotStart.plus({ days: day });
  const weekend = Math.max(0, date.weekday - 5);
  return iso(date.plus({ days: weekend === 0 ? 0 : 3 - weekend }).set({ hour, minute }));
}

/** ISO 8601 of a moment some days before now. */
export function daysAgo(days: number): string {
  return iso(DateTime.now().setZone(ZONE).minus({ days }));
}

export function flawlessFacts(): Brought {
  const known = { source: 'contract of the pilot, annex 3', date: day(pilotEnd.plus({ days: 1 })) };
  const drill = DateTime.fromISO(daysAgo(40), { setZone: true });
  return {
    facts: {
      apiVersion: 'seatrial.dev/v1',
      kind: 'SupportFacts',
      sample: false,
      pilot: { from: day(pilotStart), to: day(pilotEnd), ...known },
      engineers: [
        {
          name: 'Anna Berta Cramer',
          role: 'solutions engineer',
          dedicated: true,
          contact: { email: 'anna.cramer@seatrial.dev', phone: '+493090182000' },
          hours: atWork,
          deputy: { name: 'Dora Emil', contact: { email: 'dora.emil@seatrial.dev' } },
          ...known,
        },
      ],
      sla: {
        severities: [
          { name: 'P0', firstResponse: '15m', resolution: '4h', clock: '24x7' },
          { name: 'P1', firstResponse: '1h', resolution: '8h', clock: '24x7' },
          { name: 'P2', firstResponse: '4h', resolution: '24h', clock: 'business-hours' },
        ],
        ...known,
      },
      calendar: { ...atWork, holidays: [], ...known },
      tickets: {
        file: 'tickets.csv',
        format: 'plain',
        exportedAt: iso(pilotEnd.plus({ days: 2 })),
        severities: { P0: 'P0', P1: 'P1', P2: 'P2', P9: 'none' },
        ...known,
      },
      escalation: {
        validFrom: day(pilotEnd.plus({ days: 1 })),
        covers: ['P0', 'P1'],
        levels: [
          {
            name: 'on call',
            role: 'engineer',
            channel: 'pager',
            contact: { phone: '+493090182001' },
            hours: '24x7',
            timeLimit: '30m',
          },
          {
            name: 'manager',
            role: 'manager',
            channel: 'phone',
            contact: { phone: '+493090182002' },
            hours: '24x7',
            timeLimit: '1h',
          },
          { name: 'head', role: 'head', channel: 'phone', contact: { email: 'head@seatrial.dev' }, hours: '24x7' },
        ],
        statusPage: 'https://status.seatrial.dev',
        drills: [
          {
            severity: 'P0',
            started: iso(drill),
            reached: [5, 30, 80].map((minutes, index) => ({
              level: ['on call', 'manager', 'head'][index] ?? '',
              at: iso(drill.plus({ minutes })),
            })),
            ...known,
          },
        ],
        ...known,
      },
    },
    tickets: Array.from({ length: 63 }, (_, index) => {
      const day = Math.floor(index * 0.8);
      return {
        id: `T-${index + 1}`,
        severity: `P${index % 3}`,
        created: inPilot(day, 10),
        first_response: inPilot(day, 10, 5 + (index % 9)),
        resolved: inPilot(day, 12),
      };
    }),
  };
}

/** Writes the facts and their export into `folder`. @returns the path of the facts. */
export function writeFacts(folder: string, { facts, tickets }: Brought): string {
  mkdirSync(folder, { recursive: true });
  const columns = ['id', 'severity', 'created', 'first_response', 'resolved'] as const;
  const rows = tickets.map((ticket) => columns.map((column) => ticket[column]).join(','));
  writeFileSync(join(folder, 'tickets.csv'), `${[columns.join(','), ...rows].join('\n')}\n`);
  const file = join(folder, 'facts.yaml');
  writeFileSync(file, stringify(facts, { aliasDuplicateObjects: false }));
  return file;
}

/**
 * The history of the experiment on a target that declares the facts in `support` (relative to `folder`), or none.
 * @param run folder of the run; one of its own where nothing may be written into `folder`.
 */
export function historyOf(
  folder: string,
  support: string | undefined,
  run: string = join(folder, 'run'),
): Promise<History> {
  const options = runnerOptions(run);
  const target = {
    ...options.target,
    folder,
    file: join(folder, 'target.yaml'),
    ...(support === undefined ? {} : { support }),
  };
  return runExperiment(supportFacts, { ...options, target });
}

function day(moment: DateTime): string {
  return moment.toFormat('yyyy-MM-dd');
}

function iso(moment: DateTime): string {
  return moment.toISO({ suppressMilliseconds: true }) ?? '';
}
