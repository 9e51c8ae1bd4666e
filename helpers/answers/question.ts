import { z } from 'zod';
import { milliseconds } from '../gitops/tree/duration.ts';
import { isRunId } from '../run/id.ts';

/** A verdict that is older says little about what is being rolled out now. */
const MAX_AGE = '24h';

const maxAge = z
  .string()
  .transform((text, context) => {
    const ms = milliseconds(text);
    if (ms !== undefined) return ms;
    context.addIssue({ code: 'custom', message: 'must be a duration such as 90m or 24h' });
    return z.NEVER;
  })
  .prefault(MAX_AGE);

/** What somebody asks before a rollout goes on: how one row stands. Strings, as they come in an address or in Flagger's metadata. */
const questionSchema = z.strictObject({
  target: z.string().min(1).describe('Name of the target'),
  standard: z.string().min(1).describe('e.g. category-8'),
  row: z.string().min(1).describe('e.g. gate-rollback'),
  run: z.string().refine(isRunId, 'must be the id of a run').optional().describe('This run; default: the newest'),
  maxAge: maxAge.describe('An older verdict is inconclusive'),
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional()
    .describe('So is one of a run that began before this moment, e.g. that of the rollout'),
});

export type Question = z.infer<typeof questionSchema>;

/** The fields of a question, which is all that is read of metadata that may hold more. */
export const questionFields = Object.keys(questionSchema.shape);

/** @returns the question, or what is wrong with it. */
export function parseQuestion(fields: Readonly<Record<string, string>>): Question | { problem: string } {
  const read = questionSchema.safeParse(fields);
  return read.success ? read.data : { problem: z.prettifyError(read.error) };
}
