import { z } from 'zod';

const values = z.array(z.string()).describe('Values files, relative to target.yaml, later ones win');
const set = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe('Single values, as helm --set; placeholders as in releases');
const timeout = z.string().regex(/^\d+[smh]$/, 'must be a duration, e.g. "90s", "10m" or "1h"');

const failure = z.strictObject({
  release: z.string().describe('Helm release that is upgraded'),
  from: z
    .enum(['current', 'previous'])
    .default('current')
    .describe('Which version runs before: "previous" where the upgrade has to have something to migrate'),
  values: values.default([]),
  set: set.default({}),
  timeout: timeout
    .default('60s')
    .describe('What `helm --timeout` gets: long enough for the failure to show, since it is waited for in full'),
  remedy: z
    .enum(['helm', 'document'])
    .default('helm')
    .describe(
      'Who takes it back: Helm by itself (--rollback-on-failure), or the blocks of docs.upgrade that are tagged `failed-upgrade`',
    ),
});

const datum = z
  .strictObject({
    what: z.string().describe('What is put in, e.g. "a team"'),
    put: z.strictObject({
      method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
      path: z.string().startsWith('/'),
      body: z.unknown().optional(),
    }),
    get: z.string().startsWith('/').describe('Path at which it is found again'),
    expect: z.string().min(1).describe('Text that the answer must contain'),
  })
  .describe('Put into the gateway by its own administration before the upgrade, and looked for after each step');

/**
 * How the target is upgraded and rolled back.
 * @param parts schemas of a chart's source and of an image to build, as elsewhere in the file.
 */
export function upgradeSchema<C extends z.ZodType, I extends z.ZodType>({ chart, image }: { chart: C; image: I }) {
  const previous = z.strictObject({
    note: z.string().optional().describe('What this version is, where that needs saying; it is shown with the result'),
    images: z.array(image).default([]).describe('Images of that version to build and push (bundled targets)'),
    releases: z
      .array(
        z.strictObject({
          name: z.string().describe('Release of the target; one that is not named is the same in both versions'),
          chart,
          values: values.optional().describe('Values files; default: those of the release'),
          set: set.optional().describe('Single values; default: those of the release'),
          timeout: timeout.optional(),
        }),
      )
      .min(1),
  });
  return z
    .strictObject({
      previous: previous
        .optional()
        .describe('The version before this one: where upgrades come from and rollbacks go to'),
      rollbackOrder: z
        .array(z.string())
        .optional()
        .describe('Releases in the order in which they are rolled back; default: the order of installation, reversed'),
      data: z.array(datum).default([]),
      failures: z
        .strictObject({
          'bad-image': failure.optional().describe('An image that cannot be pulled'),
          'failing-migration': failure.optional().describe('A migration of the database that fails'),
          'never-ready': failure.optional().describe('New replicas that start and never get ready'),
        })
        .prefault({})
        .describe('Upgrades that must fail without clients noticing; what is not declared stays inconclusive'),
    })
    .describe('How the target is upgraded and rolled back');
}
