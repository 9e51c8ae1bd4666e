import { z } from 'zod';

/** What can be wrong with a version that the trial must turn back; each of them shows in another figure. */
const defects = [
  'inaccurate',
  'slow',
  'sluggish',
  'leaking',
  'failing',
  'interrupted',
  'never-ready',
  'lying',
] as const;

const environmentValue = z.union([
  z.string(),
  z
    .strictObject({ secret: z.string().min(1), key: z.string().min(1) })
    .describe('A key of one of the declared secrets'),
]);

/** Environment of the model server. That no secret stands in it in clear is checked beside the schema. */
export const environment = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'), environmentValue)
  .default({});

const version = z.strictObject({
  image: z
    .string()
    .min(1)
    .describe(
      'Name of one of `images`, or a reference with a tag or digest, e.g. registry.example.com/ml-model:v1.1.0',
    ),
  modelVersion: z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
      'must fit into a label of Kubernetes: letters, digits, "_", "." and "-"',
    )
    .describe('What this version calls itself in its answers'),
  env: environment.describe('Environment of this version, added to `env`'),
  command: z.array(z.string()).min(1).optional().describe('Instead of the entrypoint of the image'),
  args: z.array(z.string()).min(1).optional().describe('Instead of the arguments of the image'),
});

export const versions = z
  .strictObject({
    stable: version.describe('What serves before the change, and again after a rollback'),
    candidate: version.describe('What is to be brought in'),
    bad: z
      .partialRecord(z.enum(defects), version)
      .default({})
      .describe('Versions with a known defect, which must be turned back'),
    borderline: version
      .optional()
      .describe(
        'A version whose availability is just above the limit of a rollback, and which no trigger may turn back',
      ),
  })
  .describe('Versions of the model');

export type ModelVersion = z.infer<typeof version>;
