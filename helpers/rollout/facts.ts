import { z } from 'zod';
import { limitSchema, planSchema } from '../planning/schema.ts';

/**
 * What the experiment of a strategy writes down of a rollout, as facts `rollout.NAME`, `outcome.NAME` and `pods.NAME`. Rollouts are named
 * after what is brought in: `candidate`, or the defect of a bad version.
 */
export const rolloutFact = z.object({
  plan: planSchema,
  /** Model versions, as they call themselves in their answers. */
  from: z.string(),
  to: z.string(),
  /** What is wrong with the version that is brought in; absent when nothing is known to be. */
  defect: z.string().optional(),
  replicas: z.number(),
});
export type RolloutFact = z.infer<typeof rolloutFact>;

export const outcomeFact = z.object({
  result: z.enum(['completed', 'rolled-back', 'stuck']),
  /** Number of the phase in which it was turned back. */
  phase: z.number().optional(),
  /** What turned it back, and when. */
  turnedBack: z
    .object({
      at: z.number(),
      by: z.enum(['trigger', 'failure', 'operator']),
      reason: z.string(),
      reached: z.array(z.object({ limit: limitSchema, seen: z.number(), samples: z.number() })),
    })
    .optional(),
});
export type OutcomeFact = z.infer<typeof outcomeFact>;

export const podsFact = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    ready: z.boolean(),
    restarts: z.number(),
    oomKills: z.number(),
  }),
);
export type PodsFact = z.infer<typeof podsFact>;

/** The fact `validation.NAME`: how the samples were predicted at the place where users enter, and by which version. */
export const validationFact = z.array(
  z.object({ name: z.string(), outcome: z.string(), version: z.string().optional(), error: z.string().optional() }),
);

/** The rollout of the declared candidate. */
export const CANDIDATE = 'candidate';
