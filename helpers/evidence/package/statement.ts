import { z } from 'zod';
import type { ItemVerdict, RunVerdict } from '../../verdict/types.ts';
import { hasPassed, isRed } from '../../verdict/views/run.ts';

/** How an in-toto statement travels in an envelope. */
export const IN_TOTO = 'application/vnd.in-toto+json';

const descriptor = z.object({
  name: z.string(),
  digest: z.object({ sha256: z.string() }),
});

const tests = z.array(z.string());

/**
 * What is attested: an in-toto statement (v1) with the predicate for the result of tests. Its subjects are the archive and the manifest of
 * the package, which binds all files, and so the verdict and the histories that it follows from.
 */
export const statementSchema = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(descriptor).min(1),
  predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
  predicate: z.object({
    result: z.enum(['PASSED', 'FAILED']),
    configuration: z.array(descriptor),
    passedTests: tests,
    warnedTests: tests,
    failedTests: tests,
  }),
});

export type Statement = z.infer<typeof statementSchema>;
export type Descriptor = z.infer<typeof descriptor>;

/** Pure. A row that is inconclusive has failed; one that was not run or does not apply is in no list. */
export function statementOf(verdict: RunVerdict, subject: Descriptor[], configuration: Descriptor[]): Statement {
  const named = (of: (item: ItemVerdict) => boolean) =>
    verdict.standards.flatMap(({ standard, target, items }) =>
      items.filter(of).map(({ id }) => `${target}/${standard}/${id}`),
    );
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: hasPassed(verdict) ? 'PASSED' : 'FAILED',
      configuration,
      passedTests: named(({ status }) => status === 'pass'),
      warnedTests: [],
      failedTests: named(isRed),
    },
  };
}
