import { z } from 'zod';

/** What the experiments on upgrades record, as far as checks read it. */
export const recorded = {
  changed: z.array(z.string()).min(1),
  versions: z.object({
    before: z.record(z.string(), z.string()),
    current: z.record(z.string(), z.string()),
    note: z.string().optional(),
  }),
  data: z.array(z.object({ what: z.string(), found: z.boolean(), error: z.string().optional() })),
  configuration: z.record(z.string(), z.string()),
  pods: z.array(
    z.object({
      name: z.string(),
      uid: z.string(),
      images: z.array(z.string()),
      restarts: z.number(),
      ready: z.boolean(),
      outdated: z.boolean(),
    }),
  ),
  releases: z.record(z.string(), z.object({ revision: z.number(), chart: z.string(), manifest: z.string() })),
  revisions: z.array(
    z.object({ revision: z.number(), status: z.string(), chart: z.string(), description: z.string() }),
  ),
  objects: z.array(z.string()),
  attempt: z.object({ failed: z.boolean(), reason: z.string().optional(), remedy: z.enum(['helm', 'document']) }),
};

export type RecordedAttempt = z.infer<typeof recorded.attempt>;
export type RecordedRevision = z.infer<typeof recorded.revisions>[number];

/** `2 failed ("Upgrade failed")`. */
export function describeRevision({ revision, status, description }: RecordedRevision): string {
  return `${String(revision)} ${status} ("${description.slice(0, 120)}")`;
}
