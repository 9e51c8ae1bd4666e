import { z } from 'zod';
import { escalation } from './escalation-schema.ts';
import { hours, timeZone, weeklyHours } from './hours.ts';
import { contact, date, known, limit, moment, NOT_UNDER_SLA } from './parts.ts';
import { formats } from './tickets/formats.ts';

const pilot = z
  .strictObject({
    from: date('First day of the pilot'),
    to: date('Last day of the pilot'),
    ...known,
  })
  .describe('Period of the pilot');

const engineer = z.strictObject({
  name: z.string().min(2).describe('Name of the person; reports show initials only'),
  role: z.string().min(2).describe('Role, e.g. solutions engineer'),
  dedicated: z
    .boolean()
    .describe('true when the person is assigned to this pilot by name, false for one out of a pool'),
  contact,
  hours,
  deputy: z
    .strictObject({ name: z.string().min(2), contact })
    .optional()
    .describe('Who stands in when the person is away'),
  ...known,
});

const severity = z.strictObject({
  name: z
    .string()
    .min(1)
    .refine((name) => name !== NOT_UNDER_SLA, `must not be "${NOT_UNDER_SLA}", which means: not under the SLA`)
    .describe('Name of the severity, e.g. P0'),
  firstResponse: limit('Time limit for the first response, e.g. 15m or 4h'),
  resolution: limit('Time limit for the resolution, e.g. 8h; leave it out when the SLA promises none').optional(),
  clock: z
    .enum(['24x7', 'business-hours'])
    .describe('Which hours the limits count: all of them, or those of the business calendar'),
  attainmentPercent: z
    .number()
    .min(50)
    .max(100)
    .default(100)
    .describe('Share of tickets that the SLA promises to keep within the limits, in percent'),
});

const sla = z
  .strictObject({
    severities: z
      .array(severity)
      .min(1)
      .describe('The severities, the most urgent first: the first one is taken for P0, the second one for P1'),
    ...known,
  })
  .describe('Time limits by severity');

const column = z.string().min(1).optional();

const tickets = z
  .strictObject({
    file: z.string().describe('The export, CSV or JSON, relative to this file'),
    format: z
      .enum(formats)
      .describe('Where the export comes from; "plain" has the columns id, severity, created, first_response, resolved'),
    exportedAt: moment('When the export was taken, with its zone, e.g. 2026-11-02T09:00:00+01:00'),
    timeZone: timeZone
      .optional()
      .describe('Time zone of times that do not say theirs: the one of the person or account that exported'),
    timeFormat: z
      .string()
      .optional()
      .describe('Pattern of the times where it is unusual, e.g. "MM/dd/yyyy HH:mm:ss" (tokens of Luxon)'),
    delimiter: z.enum([',', ';', '\t']).default(',').describe('What separates the columns of a CSV file'),
    severities: z
      .record(z.string(), z.string())
      .describe(
        `Severity of the SLA for each value in the export, e.g. { Highest: P0 }; "${NOT_UNDER_SLA}" for tickets outside the SLA`,
      ),
    columns: z
      .strictObject({
        id: column,
        severity: column,
        created: column,
        firstResponse: column,
        firstResponseMinutes: column,
        resolved: column,
      })
      .default({})
      .describe('Names of columns (paths in JSON, e.g. fields.customfield_10024) that differ from the usual ones'),
    ...known,
  })
  .describe('Export of the tickets of the pilot');

/** Facts about support that a person brings. Each section may be left out; the checks that need it say so. */
export const supportSchema = z.strictObject({
  apiVersion: z.literal('seatrial.dev/v1'),
  kind: z.literal('SupportFacts'),
  sample: z
    .boolean()
    .describe('true while any of this is made up: it is shown as a sample then, and no gate passes on it'),
  pilot: pilot.optional(),
  engineers: z.array(engineer).optional().describe('Named solutions engineers of the pilot'),
  sla: sla.optional(),
  calendar: weeklyHours.extend(known).optional().describe('Business hours that the SLA counts'),
  tickets: tickets.optional(),
  escalation: escalation.optional(),
});

/** Validated facts about support. */
export type SupportFacts = z.infer<typeof supportSchema>;
export type TicketSource = NonNullable<SupportFacts['tickets']>;
