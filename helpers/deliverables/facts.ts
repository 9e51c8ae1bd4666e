import { z } from 'zod';
import { strategies } from '../target/model/schema.ts';

/** The fact `delivered`: what was written for a strategy, and what the scripts were told. */
export const deliveredFact = z.object({
  strategy: z.enum(strategies),
  /** What dwell times were multiplied by. */
  factor: z.number(),
  files: z.array(z.object({ name: z.string(), content: z.string() })),
});
export type DeliveredFact = z.infer<typeof deliveredFact>;

/** The runs of scripts, in their order; each leaves a fact `script.NAME`. The first is for strategies that have one Deployment for both versions. */
export const scriptRuns = ['first', 'deploy', 'rollback', 'again', 'rollback-script'] as const;
export type ScriptRun = (typeof scriptRuns)[number];

/** The fact `script.NAME`: how a script ended, and whom users got afterwards. */
export const scriptFact = z.object({
  command: z.string(),
  /** Missing when it was ended from outside. */
  exitCode: z.number().optional(),
  ms: z.number(),
  /** The end of what it printed. */
  output: z.string(),
  /** Version that has to answer afterwards. */
  expected: z.string(),
  samples: z.array(
    z.object({ name: z.string(), outcome: z.string(), version: z.string().optional(), error: z.string().optional() }),
  ),
});
export type ScriptFact = z.infer<typeof scriptFact>;

/** The fact `applied`: the objects as kubectl handed them to the API server, by `Kind/name`. */
export const appliedFact = z.record(z.string(), z.looseObject({ kind: z.string() }));
export type AppliedFact = z.infer<typeof appliedFact>;

/** The fact `server.process`: what the model server was started with, as its running container tells. */
export const serverFact = z.object({
  version: z.string(),
  protocol: z.string(),
  commandLine: z.array(z.string()),
  /** Programs and configurations that the command line names, with what lies beside a program. */
  files: z.array(z.object({ path: z.string(), content: z.string() })),
});
export type ServerFact = z.infer<typeof serverFact>;
