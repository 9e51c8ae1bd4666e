import { z } from 'zod';

/** Digests of what all shards of a run must have in common, and what they were told to run on. */
const fingerprint = z.object({
  /** Of the suite: its code, its standards and the bundled targets. */
  code: z.string(),
  /** Of the declaration of the target and all files that it names. */
  target: z.string(),
  options: z.record(z.string(), z.string()),
});

export type Fingerprint = z.infer<typeof fingerprint>;

/** What was asked for, of all shards together. Every shard knows it, so that what a missing one held is missed. */
const asked = z.object({
  total: z.int().min(1),
  /** Which shard (from 1) runs each experiment. */
  plan: z.record(z.string(), z.int().min(1)),
  /** The tests: file and titles. */
  tests: z.array(z.string()),
});

/** `shard` in the `run.json` of a run that was one shard of several. */
export const shardRecord = asked.extend({ current: z.int().min(1), fingerprint });

export type ShardRecord = z.infer<typeof shardRecord>;

/** `merged` in the `run.json` of a run that was put together from shards. */
export const mergedRecord = asked.extend({
  shards: z.array(
    z.object({
      current: z.int().min(1),
      run: z.string(),
      startedAt: z.string().optional(),
      endedAt: z.string().optional(),
      complete: z.boolean(),
      /** What is known of its machine; see `host.ts`. */
      host: z.unknown().optional(),
    }),
  ),
  /** What went wrong in shards otherwise than by a check, and shards that are missing. A merged run with any of it is red. */
  troubles: z.array(z.string()),
});

export type MergedRecord = z.infer<typeof mergedRecord>;

/** Whether a run may run an experiment: one shard of several its own only, a merged run those that its shards were to run. */
export function isOurs(
  { shard, merged }: { shard?: ShardRecord | undefined; merged?: MergedRecord | undefined },
  experiment: string,
): boolean {
  if (shard !== undefined) return Object.hasOwn(shard.plan, experiment) && shard.plan[experiment] === shard.current;
  return merged === undefined || Object.hasOwn(merged.plan, experiment);
}
