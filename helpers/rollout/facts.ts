import { z } from 'zod';
import { limitSchema, planSchema } from '../planning/schema.ts';
import { engines } from '../target/model/engines.ts';

/**
 * What the experiment of a strategy writes down of a rollout, as facts `rollout.NAME`, `outcome.NAME` and `pods.NAME`. Rollouts are named
 * after what is brought in: `candidate`, or the defect of a bad version.
 */
export const rolloutFact = z.object({
  plan: planSchema,
  /** Who carried it out; missing where it was Kubernetes, told what to do step by step. */
  engine: z.enum(engines).optional(),
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

/** The fact `entry.service`: the Service where users enter. */
export const entryFact = z.object({
  type: z.string(),
  affinity: z.string(),
  affinitySeconds: z.number().optional(),
  way: z.enum(['load-balancer', 'node-port']),
  url: z.string(),
});

/** The fact `metrics`: what each pod that serves tells to Prometheus. */
export const metricsFact = z.array(
  z.object({
    pod: z.string(),
    samples: z.number(),
    names: z.array(z.string()),
    /** The most that one of its counters of calls has counted; older histories do not say. */
    counted: z.number().optional(),
  }),
);

/** The fact `usage`: what each pod uses while traffic is on it, and what it may use. */
export const usageFact = z.object({
  limits: z.object({ memoryBytes: z.number(), cpuCores: z.number() }),
  pods: z.array(
    z.object({
      pod: z.string(),
      /** Missing where the kubelet does not know it. */
      memoryBytes: z.number().optional(),
      cpuCores: z.number().optional(),
      oomKills: z.number(),
      restarts: z.number(),
    }),
  ),
});
export type UsageFact = z.infer<typeof usageFact>;

/** The fact `accuracy`: right answers to the labelled rows, by the version that gave them. */
export const accuracyFact = z.object({
  minimum: z.number(),
  mayLose: z.number(),
  versions: z.array(z.object({ version: z.string(), right: z.number(), rows: z.number() })),
});
export type AccuracyFact = z.infer<typeof accuracyFact>;

/** The fact `validated.NAME`: the validation steps of the rollback plan, done after a rollback. */
export const validatedFact = z.array(
  z.object({ step: z.enum(['health', 'pods', 'samples', 'figures', 'logs']), ok: z.boolean(), seen: z.string() }),
);
export type ValidationStep = z.infer<typeof validatedFact>[number];

/** The fact `communication.NAME`: what was sent of a rollback, and what came in at whom it was meant for. */
export const communicationFact = z.object({
  /** The declared one; missing where nobody is named. */
  channel: z.string().optional(),
  sent: z.array(z.object({ what: z.string(), status: z.number().optional(), error: z.string().optional() })),
  received: z.array(z.object({ at: z.number(), kind: z.string(), body: z.unknown(), problems: z.array(z.string()) })),
});
