import { z } from 'zod';

/** The fact `package.names`: the versions that were looked at, by their role or their defect. */
export const PACKAGES = 'package.names';
export const packageNames = z.array(z.string()).min(1);

/** How a sample was predicted, or an input that is wrong was taken. */
const sampleSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What the answer said of itself. */
  version: z.string().optional(),
  /** What was wrong with it. */
  error: z.string().optional(),
});

const refusalSchema = z.object({
  what: z.string(),
  /** `refused`: with a reason, as the mistake of who asks. `unsendable`: the protocol has no way to write it down. */
  outcome: z.enum(['refused', 'answered', 'failed', 'unsendable']),
  message: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** The fact `package.NAME`: what one version of a model is like when it is started alone and asked. */
export const packageFact = z.object({
  /** What the declaration says. */
  declared: z.object({ modelVersion: z.string(), image: z.string() }),
  ready: z.boolean(),
  /** Why it is not ready. */
  reason: z.string().optional(),
  /** Digest of the image, as the node that runs it knows it. */
  imageId: z.string().optional(),
  /** What the server says about itself. */
  version: z.string().optional(),
  /** SHA-256 of the model's file; not every server tells it. */
  digest: z.string().optional(),
  samples: z.array(sampleSchema),
  /** Whether all samples in one request gave what each of them gives alone. */
  batch: sampleSchema.optional(),
  accuracy: z.object({ right: z.number(), rows: z.number(), minimum: z.number(), mayLose: z.number() }).optional(),
  /** Of versions that are to serve alone. */
  refusals: z.array(refusalSchema).optional(),
  /** How the first sample was predicted after all wrong inputs. */
  after: sampleSchema.optional(),
});
export type PackageFact = z.infer<typeof packageFact>;
export type PackageSample = z.infer<typeof sampleSchema>;
