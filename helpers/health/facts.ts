import { z } from 'zod';

/** What a check of a replica's health can say; `no_data`: nobody has asked the replica anything, so there is nothing to judge by. */
export const checkStatus = z.enum(['ok', 'warning', 'critical', 'no_data']);
export type CheckStatus = z.infer<typeof checkStatus>;

/** What all checks together amount to. */
export const overallStatus = z.enum(['healthy', 'degraded', 'unhealthy']);
export type OverallStatus = z.infer<typeof overallStatus>;

const measured = z.object({ status: checkStatus, value: z.number().optional() });

/** The five checks; values in the units of the declared limits: shares, and ms. */
export const reportFact = z.object({
  overall: overallStatus,
  checks: z.object({
    modelLoaded: measured,
    memory: measured,
    cpu: measured,
    responseTimeMs: measured,
    errorRate: measured,
  }),
});
export type Report = z.infer<typeof reportFact>;
export type CheckName = keyof Report['checks'];
export type LimitedCheck = Exclude<CheckName, 'modelLoaded'>;

/** What was asked of a replica, as whoever asked saw it. */
export const askedFact = z.object({
  calls: z.number(),
  failed: z.number(),
  averageMs: z.number(),
  slowestMs: z.number(),
});
export type AskedFact = z.infer<typeof askedFact>;

/** The fact `health.NAME`: what a replica said of its health, after so much was asked of it. */
export const readingFact = z.object({
  version: z.string(),
  /** What was done to get it there. */
  cause: z.string(),
  httpStatus: z.number(),
  report: reportFact,
  /** Whether Kubernetes had calls sent to it at that moment. */
  ready: z.boolean(),
  asked: askedFact,
});
export type Reading = z.infer<typeof readingFact>;

const limits = z.object({ warning: z.number(), critical: z.number() });

/** The fact `health.limits`: the declared ones. */
export const limitsFact = z.object({ memory: limits, cpu: limits, responseTimeMs: limits, errorRate: limits });
export type Limits = z.infer<typeof limits>;

/** The reading of a replica that nothing is wrong with. */
export const AT_REST = 'at-rest';

/** Name of the reading of a replica that was pushed over a limit of a check. */
export function readingName(check: CheckName, level: 'warning' | 'critical'): string {
  return `${check}.${level}`;
}

/** What a check has to say of a value: above a limit counts, at it does not, as in the protocol. */
export function statusAt(value: number, { warning, critical }: Limits): CheckStatus {
  if (value > critical) return 'critical';
  return value > warning ? 'warning' : 'ok';
}

/** What the checks amount to, as in the protocol: one that is critical is enough, and so is one that warns. */
export function overallOf(statuses: readonly CheckStatus[]): OverallStatus {
  if (statuses.includes('critical')) return 'unhealthy';
  return statuses.includes('warning') ? 'degraded' : 'healthy';
}
