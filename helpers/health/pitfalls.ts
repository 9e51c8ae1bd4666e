import { z } from 'zod';
import { usageFact } from '../rollout/facts.ts';
import { askedFact } from './facts.ts';

/** The fact `pitfalls.start`: what became of a replica of the version that is to be brought in, under the declared limits. */
export const startFact = z.object({
  version: z.string(),
  ready: z.boolean(),
  oomKills: z.number(),
  /** Why it is not ready. */
  error: z.string().optional(),
});
export type StartFact = z.infer<typeof startFact>;

/** The fact `pitfalls.first-calls`: the calls that came as soon as the replica was ready, in their order. */
export const firstCallsFact = z.object({
  /** Declared: what the slowest of them may take, in ms. */
  limitMs: z.number(),
  calls: z.array(z.object({ ms: z.number(), error: z.string().optional() })),
});
export type FirstCallsFact = z.infer<typeof firstCallsFact>;

/** The fact `pitfalls.load-test`. */
export const loadTestFact = z.object({
  ratePerS: z.number(),
  durationMs: z.number(),
  asked: askedFact,
  /** In ms; missing without enough samples. */
  p95Ms: z.number().optional(),
  /** Scheduling periods of the container during the test; missing where the kubelet does not count them. */
  cpuPeriods: z.object({ all: z.number(), throttled: z.number() }).optional(),
  slo: z.object({ p95Ms: z.number(), errorRate: z.number() }),
  /** Share of the memory limit from which on the declared health check warns. */
  memoryWarning: z.number(),
  usage: usageFact,
});
export type LoadTestFact = z.infer<typeof loadTestFact>;
