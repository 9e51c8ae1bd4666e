import { z } from 'zod';
import type { History } from '../history/history.ts';
import { hours, weeklyHours } from './hours.ts';
import type { Ticket } from './tickets/tickets.ts';

/** Facts about support as a history holds them: limits in ms, names as initials, contacts masked. */

const contacts = z.array(
  z.object({
    kind: z.enum(['email', 'phone', 'url']),
    masked: z.string(),
    id: z.string(),
    dead: z.string().optional(),
  }),
);

const about = z.object({ declared: z.boolean(), sample: z.boolean(), asOf: z.number() });

const sections = {
  /** Where each fact is known from, and since when. */
  sources: z.array(z.object({ fact: z.string(), source: z.string(), date: z.string() })),
  pilot: z.object({ from: z.string(), to: z.string() }),
  engineers: z.array(
    z.object({
      who: z.string(),
      role: z.string(),
      dedicated: z.boolean(),
      contacts,
      hours,
      deputy: z.object({ who: z.string(), contacts }).optional(),
    }),
  ),
  /** Most urgent first. */
  sla: z.array(
    z.object({
      name: z.string(),
      firstResponse: z.number(),
      resolution: z.number().optional(),
      clock: z.enum(['24x7', 'business-hours']),
      attainmentPercent: z.number(),
    }),
  ),
  calendar: weeklyHours,
  tickets: z.object({
    exportedAt: z.number(),
    format: z.string(),
    tickets: z.array(z.custom<Ticket>((value) => typeof value === 'object' && value !== null)),
  }),
  escalation: z.object({
    validFrom: z.string(),
    validUntil: z.string().optional(),
    covers: z.array(z.string()),
    levels: z.array(
      z.object({
        name: z.string(),
        role: z.string(),
        who: z.string().optional(),
        channel: z.string(),
        contacts,
        hours,
        timeLimit: z.number().optional(),
      }),
    ),
    statusPage: contacts.optional(),
    drills: z.array(
      z.object({
        severity: z.string(),
        started: z.number(),
        reached: z.array(z.object({ level: z.string(), at: z.number() })),
      }),
    ),
  }),
};

export type Section = keyof typeof sections;
export type Sections = { [S in Section]: z.infer<(typeof sections)[S]> };
export type RecordedSeverity = Sections['sla'][number];
export type RecordedEngineer = Sections['engineers'][number];

/** What a history says about support. */
export interface RecordedSupport extends Partial<Sections> {
  /** False when the target declares no facts about support. */
  declared: boolean;
  /** True while any of the facts is made up. */
  sample: boolean;
  /** The moment for which the facts are judged, in ms since the epoch. */
  asOf: number;
}

export const ABOUT = 'support.declared';

/** The key under which a section is recorded. */
export function keyOf(section: Section): string {
  return `support.${section}`;
}

/** The facts in a history; undefined when it does not even say whether there are any. */
export function supportIn(history: History): RecordedSupport | undefined {
  const declared = about.safeParse(history.fact(ABOUT)).data;
  if (declared === undefined) return undefined;
  const entries = Object.entries(sections).flatMap(([section, schema]) => {
    const value = history.fact(keyOf(section as Section));
    return value === undefined ? [] : [[section, schema.parse(value)] as const];
  });
  return { ...declared, ...(Object.fromEntries(entries) as Partial<Sections>) };
}
