import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RunVerdict, StandardVerdict } from '../verdict/types.ts';

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable']);

/** `reports/validation_results.json`: every row of the protocol with what was seen, and every file of the package with its digest. */
export const validationSchema = z.strictObject({
  schema: z.literal('https://seatrial.dev/schemas/validation/v1'),
  run: z.string().describe('Id of the run'),
  complete: z.boolean().describe('False when the run ended early: what was cut off is not-run or inconclusive'),
  target: z.string(),
  standard: z.string(),
  summary: z
    .record(z.enum([...verdict.options, 'not-run']), z.int().min(0))
    .describe('Rows of the protocol, by their status'),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      text: z.string().describe('As the protocol has it'),
      status: z.enum([...verdict.options, 'not-run']),
      note: z.string(),
      checks: z.array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          expected: z.string(),
          verdict,
          seen: z.string().describe('For inconclusive: what is missing'),
          evidence: z.array(z.string()).describe('Records of histories, e.g. strategy.rolling#12'),
        }),
      ),
    }),
  ),
  files: z.array(
    z.strictObject({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).describe('A file of this package'),
  ),
  absent: z
    .array(z.strictObject({ path: z.string(), why: z.string() }))
    .describe("Files of the protocol's tree that nothing in this run gave rise to"),
});

export type Validation = z.infer<typeof validationSchema>;

/** Pure. @param files of the package but for this one. */
export function validationOf(
  { target, standard, items }: StandardVerdict,
  { run, complete }: Pick<RunVerdict, 'run' | 'complete'>,
  files: ReadonlyMap<string, string>,
  absent: Validation['absent'],
): Validation {
  const count = (status: string) => items.filter((item) => item.status === status).length;
  const summary = Object.fromEntries([...verdict.options, 'not-run'].map((status) => [status, count(status)]));
  return validationSchema.parse({
    schema: 'https://seatrial.dev/schemas/validation/v1',
    run,
    complete,
    target,
    standard,
    summary,
    rows: items.map(({ id, text, status, note, checks }) => ({
      id,
      text,
      status,
      note,
      checks: checks.map((check) => ({
        id: check.id,
        title: check.title,
        expected: check.expected,
        verdict: check.verdict,
        seen: check.seen,
        evidence: check.evidence ?? [],
      })),
    })),
    files: [...files].map(([path, content]) => ({ path, sha256: createHash('sha256').update(content).digest('hex') })),
    absent,
  });
}
