import { z } from 'zod';
import { hours } from './hours.ts';
import { contact, date, known, limit, moment } from './parts.ts';

const level = z.strictObject({
  name: z.string().min(1).describe('Name of the level, e.g. on-call engineer'),
  role: z.string().min(2).describe('Who answers at this level, by role'),
  person: z.string().min(2).optional().describe('Name of the person, where it is one; reports show initials only'),
  channel: z.string().min(2).describe('How they are called, e.g. pager, phone, e-mail'),
  contact,
  hours,
  timeLimit: limit('Time after which the next level is called, e.g. 30m; the last level has none').optional(),
});

const drill = z.strictObject({
  severity: z.string().describe('Severity that was drilled, one of the SLA'),
  started: moment('When the drill began, e.g. 2026-10-20T21:00:00+02:00'),
  reached: z
    .array(
      z.strictObject({ level: z.string().describe('Name of the level'), at: moment('When somebody there answered') }),
    )
    .min(1)
    .describe('When each level was reached'),
  ...known,
});

/** Escalation of the most urgent incidents once the pilot is over. */
export const escalation = z
  .strictObject({
    validFrom: date('First day on which the path holds'),
    validUntil: date('Last day on which it holds, e.g. the end of the contract').optional(),
    covers: z.array(z.string()).min(1).describe('Severities that are escalated this way, e.g. [P0, P1]'),
    levels: z.array(level).min(1).describe('Levels in the order in which they are called'),
    statusPage: z
      .url({ protocol: /^https$/, error: 'must be a URL that starts with https://' })
      .optional()
      .describe('Page on which the vendor tells of incidents, https'),
    drills: z.array(drill).default([]).describe('Drills of the path, with the times at which each level was reached'),
    ...known,
  })
  .describe('Escalation path in production');
