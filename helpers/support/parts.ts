import { z } from 'zod';

/** What stands for "no severity of the SLA". */
export const NOT_UNDER_SLA = 'none';

export function date(what: string) {
  return z.iso.date({ error: 'must be a date, e.g. "2026-11-02"' }).describe(what);
}

export function moment(what: string) {
  return z.iso
    .datetime({ offset: true, error: 'must be a moment with its zone, e.g. "2026-11-02T09:00:00+01:00"' })
    .describe(what);
}

/** A time limit as it is declared; see `msOf`. */
export function limit(what: string) {
  return z
    .string()
    .regex(
      /^[1-9]\d{0,4}[mh]$/,
      'must be a number of minutes or hours, e.g. "15m" or "4h" (a business day by its hours)',
    )
    .describe(what);
}

/** Milliseconds of a time limit such as `15m` or `4h`. */
export function msOf(declared: string): number {
  return Number(declared.slice(0, -1)) * (declared.endsWith('h') ? 3_600_000 : 60_000);
}

/** Every fact says where it is known from, and since when. */
export const known = {
  source: z
    .string()
    .min(3)
    .describe('Where this is known from: contract and section, ticket system, page, e-mail of a date'),
  date: date('Day on which it was true, e.g. 2026-11-02'),
};

export const contact = z
  .strictObject({
    email: z.email({ error: 'must be an e-mail address' }).optional().describe('E-mail address'),
    phone: z
      .e164({ error: 'must be a phone number in international form without spaces, e.g. "+4930901820"' })
      .optional()
      .describe('Phone number, e.g. "+4930901820"'),
    url: z
      .url({ protocol: /^https$/, error: 'must be a URL that starts with https://' })
      .optional()
      .describe('Page or chat channel, https'),
  })
  .refine(({ email, phone, url }) => (email ?? phone ?? url) !== undefined, 'must have "email:", "phone:" or "url:"')
  .describe('How to reach them: email, phone (international form) or url (https)');

export type Contact = z.infer<typeof contact>;
