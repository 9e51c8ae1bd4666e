import { z } from 'zod';
import type { History } from '../history/history.ts';
import type { StepRecord } from '../history/records.ts';
import { ofFact, ofStep } from './finding.ts';
import type { Finding } from './types.ts';

/** What experiments with changes record, as far as checks read it. */
export const recorded = {
  change: z.object({ what: z.string(), hot: z.boolean(), way: z.string() }),
  effect: z.array(
    z.object({
      pod: z.string(),
      lastOld: z.number().optional(),
      firstNew: z.number().optional(),
      relapses: z.number(),
      answers: z.number(),
      failure: z.string().optional(),
      leaving: z.number().optional(),
      gone: z.number().optional(),
    }),
  ),
  pods: z.array(
    z.object({
      name: z.string(),
      uid: z.string(),
      kind: z.string(),
      ready: z.boolean(),
      restarts: z.number(),
      node: z.string(),
    }),
  ),
  served: z.array(
    z.object({
      pod: z.string(),
      tools: z.array(z.string()),
      toolset: z.string(),
      sections: z.record(z.string(), z.string()),
    }),
  ),
  state: z.record(z.string(), z.string()),
  attempts: z.array(
    z.object({ what: z.string(), outcome: z.enum(['refused', 'accepted', 'no answer']), answer: z.string() }),
  ),
  drained: z.object({ node: z.string(), pods: z.array(z.string()) }),
  refusal: z.object({ refused: z.boolean(), answer: z.string() }),
};

export type PodEffect = z.infer<typeof recorded.effect>[number];
export type State = z.infer<typeof recorded.state>;

/** What to find in the step in which the change was made; when that failed, there is nothing else to be found. */
export function ofChange(history: History, find: (made: StepRecord, evidence: string) => Finding): Finding {
  return ofStep(history, 'change.made', find);
}

/** What to find in two facts; inconclusive where one of them was never recorded. */
export function ofTwoFacts<A, B>(
  history: History,
  [firstKey, first]: [string, z.ZodType<A>],
  [secondKey, second]: [string, z.ZodType<B>],
  find: (a: A, b: B, evidence: string[]) => Finding,
): Finding {
  return ofFact(history, firstKey, first, (a, one) =>
    ofFact(history, secondKey, second, (b, two) => find(a, b, [one, two])),
  );
}

/** Names of what is not the same in both, sorted. */
export function differencesOf(a: State, b: State): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]).toSorted();
}
