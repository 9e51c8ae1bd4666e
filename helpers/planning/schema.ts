import { z } from 'zod';
import { strategies } from '../target/model/schema.ts';

/** The version that serves, and the one that is brought in: blue and green, stable and canary, variants A and B. */
const version = z.enum(['stable', 'candidate']);
const percent = z.number().min(0).max(100);

/** What is done in a phase or to take it back; whoever carries a plan out does these, in their order. */
const action = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('deploy'), version, replicas: z.int().min(1) })
    .describe('Bring it up; it gets no calls by that'),
  z
    .strictObject({ type: z.literal('test'), version })
    .describe('Ask it the samples directly, past the way that users take'),
  z.strictObject({ type: z.literal('switch'), to: version }).describe('Send all calls to it, at once'),
  z
    .strictObject({ type: z.literal('weight'), candidate: percent })
    .describe('Send this percentage of calls to the candidate'),
  z
    .strictObject({ type: z.literal('split'), candidate: percent })
    .describe('Give this percentage of users the candidate, each of them for good'),
  z
    .strictObject({ type: z.literal('update-pod'), pod: z.int().min(1), of: z.int().min(1), to: version })
    .describe('Replace one pod'),
  z.strictObject({ type: z.literal('scale'), version, replicas: z.int().min(0) }),
  z.strictObject({ type: z.literal('monitor') }).describe('Watch what users get, for as long as the phase lasts'),
  z
    .strictObject({ type: z.literal('compare') })
    .describe('Collect what both versions give to their users, and say which is better'),
  z
    .strictObject({ type: z.literal('promote') })
    .describe('Send all calls to the version that the comparison found better; to the stable one where it found none'),
  z
    .strictObject({ type: z.literal('decommission'), version: z.enum(['stable', 'candidate', 'loser']) })
    .describe('Take it away; it serves nobody'),
]);

export const metrics = [
  'ready-share',
  'calls-lost',
  'error-rate',
  'average-latency',
  'p95',
  'p99',
  'availability',
  'oom-kills',
  'samples-wrong',
  'candidate-share',
  'users-moved',
  'outage',
] as const;

/** Something that is measured, and the limit that it is held to. */
export const limitSchema = z.strictObject({
  metric: z.enum(metrics),
  version: z.enum(['stable', 'candidate', 'any']).describe('Whose figure it is'),
  comparator: z.enum(['<', '<=', '=', '>=', '>']),
  value: z.number(),
  unit: z.enum(['share', 'ms', 'count']),
  minimumSamples: z.int().min(1).optional().describe('With fewer calls behind it nothing can be said'),
});

const phase = z.strictObject({
  number: z.int().min(1),
  name: z.string().min(1),
  actions: z.array(action).min(1),
  startMs: z.number().min(0).describe('Planned start, from the start of the plan'),
  plannedMs: z.number().positive(),
  dwell: z
    .boolean()
    .describe('Lasts for as long as is planned; otherwise it lasts as long as the work does, and at most as planned'),
  trialMs: z
    .number()
    .positive()
    .describe('The same in a trial: what is planned, times the trial factor where it is a dwell time'),
  candidateShare: percent.describe(
    'Percentage of calls that the candidate gets at the end of the phase; after an A/B test, if it was the better',
  ),
  expectations: z.array(limitSchema).min(1).describe('What has to hold at the end of the phase'),
  rollback: z
    .strictObject({ text: z.string(), actions: z.array(action) })
    .describe('How to get from this phase back to the stable version alone'),
});

const choice = z.strictObject({
  strategy: z.enum(strategies),
  requirement: z.string().describe('The requirement that decided'),
  reason: z.string(),
  passedOver: z.array(z.strictObject({ requirement: z.string(), strategy: z.enum(strategies), why: z.string() })),
});

/** A plan as data: what an experiment carries out phase by phase, and what the text and the picture show. */
export const planSchema = z.strictObject({
  schema: z.literal('https://seatrial.dev/schemas/plan/v1'),
  target: z.string(),
  strategy: z.enum(strategies),
  declaredStrategy: z.enum(strategies).describe('The one of the target; every strategy can be planned for it'),
  choice: choice.describe('What the requirements ask for'),
  replicas: z.int().min(1),
  trialFactor: z.number().gt(0).max(1).describe('What dwell times are multiplied by in a trial'),
  phases: z.array(phase).min(1),
  rollback: z.strictObject({
    text: z.string(),
    triggers: z
      .array(limitSchema)
      .min(1)
      .describe('Any of them that is reached turns the candidate back; an operator may at any time'),
    limitMs: z.number().positive().describe('A rollback has to be over by then'),
  }),
  totals: z.strictObject({
    plannedMs: z.number(),
    dwellMs: z.number().describe('Of which dwell time'),
    trialDwellMs: z.number().describe('Dwell time in a trial'),
    trialMs: z.number().describe('At most this long in a trial'),
  }),
});

export type Plan = z.infer<typeof planSchema>;
export type PlanAction = z.infer<typeof action>;
export type Phase = Plan['phases'][number];
export type Limit = z.infer<typeof limitSchema>;
export type Choice = z.infer<typeof choice>;
