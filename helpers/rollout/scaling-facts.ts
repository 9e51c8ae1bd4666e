import { z } from 'zod';

const policy = z.object({ type: z.string(), value: z.number(), periodSeconds: z.number() });
const direction = z.object({ stabilizationWindowSeconds: z.number(), policies: z.array(policy) });

/** The fact `autoscaler`: what is declared, and what of it the trial shortens. */
export const autoscalerFact = z.object({
  replicas: z.number(),
  min: z.number(),
  max: z.number(),
  /** Percent of what is requested; missing where the autoscaler does not look at it. */
  cpu: z.number().optional(),
  memory: z.number().optional(),
  scaleUp: direction,
  scaleDown: direction,
  /** The window of scaling down in the trial, in seconds, and the factor that it comes from. */
  trial: z.object({ factor: z.number(), windowSeconds: z.number() }),
});
export type AutoscalerFact = z.infer<typeof autoscalerFact>;

/** The fact `replicas`: each change, as it was seen. */
export const replicasFact = z.array(
  z.object({
    at: z.number(),
    replicas: z.number(),
    ready: z.number(),
    desired: z.number(),
    cpu: z.number().optional(),
  }),
);
export type ReplicasFact = z.infer<typeof replicasFact>;

/** The fact `affinity`: how many calls of one client each pod counted, through each Service. */
export const affinityFact = z.object({
  calls: z.number(),
  /** Through the Service where users enter. */
  entry: z.record(z.string(), z.number()),
  /** Through one without affinity: only an instrument that sees these spread can tell that the others are not. */
  spread: z.record(z.string(), z.number()),
});
export type AffinityFact = z.infer<typeof affinityFact>;

/** The fact `annotations`: those of the Service where users enter. */
export const annotationsFact = z.record(z.string(), z.string());
