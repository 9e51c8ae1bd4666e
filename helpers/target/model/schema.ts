import { z } from 'zod';
import { targetSchema } from '../schema.ts';
import { analysis, engines } from './engines.ts';
import { healthChecks } from './health.ts';
import { resources } from './resources.ts';
import { accuracy, sample } from './samples.ts';
import { serving } from './serving.ts';
import { slo } from './slo.ts';
import { environment, versions } from './versions.ts';

/** The values of the protocol, as they are written there. */
export const strategies = ['blue_green', 'canary', 'rolling', 'recreate', 'a_b_test'] as const;
export type Strategy = (typeof strategies)[number];

/** What both kinds of target have. */
const { apiVersion, name, description, kubernetesVersions, images, secrets, releases, notApplicable } =
  targetSchema.shape;

const percentage = z.int().min(1).max(99);

const requirements = z
  .strictObject({
    riskLevel: z.enum(['low', 'medium', 'high']).optional().describe('How much a bad version would harm'),
    gradualRollout: z.boolean().optional().describe('Few users shall meet the new version first'),
    zeroDowntime: z.boolean().optional().describe('The model must answer throughout'),
    compareVariants: z.boolean().optional().describe('Two versions shall be compared on users'),
  })
  .describe('What the deployment has to be like; what is not stated was not assessed, and counts as not required');

export type Requirements = z.infer<typeof requirements>;

const autoscaling = z.strictObject({
  maxReplicas: z.int().min(1).max(1000).describe('`replicas` is the minimum'),
  cpu: z
    .int()
    .min(1)
    .max(100)
    .default(70)
    .describe('Use of the requested CPU, in percent, from which on replicas are added'),
  memory: z
    .int()
    .min(1)
    .max(100)
    .default(80)
    .describe('Use of the requested memory, in percent, from which on replicas are added'),
});

const storage = z.strictObject({
  claim: name.describe('PersistentVolumeClaim that holds the model files, mounted read-only'),
  mountPath: z.string().startsWith('/').default('/models'),
});

const communication = z.strictObject({
  channel: z.string().min(1).describe('Where the team is told, e.g. "#ml-alerts"'),
  incidents: z.string().min(1).describe('Where the incident ticket is kept, e.g. a project of the tracker'),
});

/** Declares a served model that is on trial. One file per target. */
export const modelSchema = z
  .strictObject({
    apiVersion,
    kind: z.literal('Model'),
    name,
    description,
    images,
    kubernetesVersions,
    secrets,
    releases: z
      .array(releases.element)
      .default([])
      .describe('Helm releases in the order of installation; without any, manifests are made from this declaration'),
    strategy: z.enum(strategies).describe('How a new version is brought in'),
    engines: z
      .array(z.enum(engines))
      .min(1)
      .default(['kubernetes'])
      .describe(
        'Who carries it out. Argo Rollouts knows canary and blue_green, and is tried with both when it is named; what is delivered is for the first',
      ),
    analysis: analysis.optional(),
    replicas: z.int().min(1).max(1000).describe('Replicas that serve'),
    canaryPercentage: percentage
      .optional()
      .describe('Share of calls, in percent from 1 to 99, that the canary gets first; with strategy canary only'),
    variantPercentage: percentage
      .optional()
      .describe('Share of users, in percent from 1 to 99, that get the candidate; with strategy a_b_test only'),
    rollbackThreshold: z
      .number()
      .min(0)
      .max(1)
      .describe('Share of failed requests, from 0 to 1, above which the new version is rolled back'),
    requirements,
    resources,
    healthChecks,
    versions,
    serving,
    env: environment.describe('Environment of all versions, e.g. MODEL_PATH'),
    storage: storage.optional(),
    autoscaling: autoscaling.optional(),
    samples: z.array(sample).min(1).describe('Predictions that a version must get right before users meet it'),
    accuracy: accuracy.optional(),
    slo: slo.describe('What the model is held to; may be stricter than the protocol, never laxer'),
    trialFactor: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe('What the dwell times of a plan are multiplied by in a trial; every report shows it'),
    communication: communication.optional().describe('Who is told of a rollback'),
    notApplicable,
  })
  .meta({
    allOf: [onlyWith('canary', 'canaryPercentage', true), onlyWith('a_b_test', 'variantPercentage', false)],
  });

/** For editors: the schema's own rules for fields that hang on the strategy; messages come from the consistency check. */
function onlyWith(strategy: Strategy, field: string, required: boolean) {
  return {
    if: { properties: { strategy: { const: strategy } }, required: ['strategy'] },
    then: required ? { required: [field] } : {},
    else: { properties: { [field]: false } },
  };
}

/** A validated `target.yaml` of kind Model. */
export type ModelDeclaration = z.infer<typeof modelSchema>;

/** A declaration together with where it stands; relative paths in it are relative to `folder`. */
export type ModelTarget = ModelDeclaration & { file: string; folder: string };
