import { z } from 'zod';

/** Stands where a recommendation would: there is none, or it is deliberately not followed, and why. */
const waiver = z.strictObject({
  notApplicable: z.string().min(20).describe('Written reason why this is not part of the recommended architecture'),
});

export type Waiver = z.infer<typeof waiver>;

function orWaived<T extends z.ZodType>(recommendation: T, description: string) {
  return z.union([recommendation, waiver]).describe(description);
}

const duration = z.string().regex(/^\d+(s|m)$/, 'must be a duration in whole seconds or minutes, e.g. "60s" or "2m"');

const count = z.int().min(0);

/** What is recommended for one component. */
const aspects = {
  replicas: orWaived(z.strictObject({ atLeast: z.int().min(1) }), 'Fewest replicas'),
  spread: orWaived(
    z.strictObject({ over: z.array(z.enum(['node', 'zone'])).min(1) }),
    'Over what the replicas are spread: { over: [node, zone] }',
  ),
  disruptionBudget: orWaived(
    z.strictObject({ protects: z.int().min(1) }),
    'Fewest replicas that a drain must leave running: { protects: 1 }',
  ),
  probes: orWaived(
    z.strictObject({
      startup: z.boolean().default(true).describe('Whether there must be a startup probe'),
      readiness: z.string().startsWith('/').optional().describe('Path that the readiness probe must ask'),
      liveness: z.string().startsWith('/').optional().describe('Path that the liveness probe must ask'),
      alike: z.string().min(20).optional().describe('Written reason why readiness may ask the same as liveness'),
    }),
    'Startup, readiness and liveness probes, with their paths where the vendor names them',
  ),
  resources: orWaived(
    z.array(z.enum(['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'])).min(1),
    'Requests and limits that every container must have, e.g. [requests.cpu, requests.memory, limits.memory]',
  ),
  rollout: orWaived(
    z.strictObject({ maxUnavailable: count, maxSurge: count }),
    'How many replicas may be missing, and how many must be added, while rolling',
  ),
  drain: orWaived(
    z.strictObject({
      longestCall: duration.describe('The longest call, or the drain that the vendor declares, e.g. "60s"'),
      preStop: duration.default('0s').describe('Shortest preStop, e.g. "5s"'),
    }),
    'What a stopping pod must be given time for: { longestCall: 60s, preStop: 5s }',
  ),
  autoscaling: orWaived(
    z.strictObject({ atLeast: z.int().min(1), upTo: z.int().min(2) }),
    'Bounds of the autoscaler: { atLeast: 2, upTo: 10 }',
  ),
  networkPolicy: orWaived(
    z.array(z.enum(['Ingress', 'Egress'])).min(1),
    'Directions that a NetworkPolicy must restrict: [Ingress, Egress]',
  ),
  podSecurity: orWaived(
    z.strictObject({ profile: z.literal('restricted'), readOnlyRootFilesystem: z.boolean().default(true) }),
    'Pod Security Standard: { profile: restricted }',
  ),
  serviceAccountToken: orWaived(
    z.strictObject({ mounted: z.literal(false) }),
    'The token of the ServiceAccount is not mounted, or the reason why it is needed',
  ),
};

const selection = {
  name: z.string().describe('What the vendor calls it'),
  workload: z
    .string()
    .regex(/^(Deployment|StatefulSet|DaemonSet)\/[a-z0-9.-]+$/, 'must be KIND/NAME, e.g. "Deployment/gateway"')
    .optional()
    .describe('The workload as KIND/NAME; or name a selector'),
  selector: z.record(z.string(), z.string()).optional().describe("Labels of the component's pods"),
  container: z.string().optional().describe('The container that serves; default: the first'),
};

const store = z.strictObject({
  name: z.string().describe('e.g. database, cache'),
  kind: z.enum(['postgresql', 'redis', 'other']).describe('Decides what counts as TLS'),
  usedBy: z.string().describe('Name of the component that connects to it'),
  connection: z
    .union([
      z.strictObject({ url: z.string().describe('Environment variable that holds the URL') }),
      z.strictObject({
        host: z.string().describe('Environment variable that holds the host'),
        tls: z.string().describe('Environment variable that switches TLS on'),
        tlsValues: z.array(z.string()).min(1).describe('Its values that mean: TLS or nothing'),
      }),
    ])
    .describe("Where the component's environment says how to connect"),
  external: orWaived(z.literal(true), 'It is not one of the pods that the release brings'),
  tls: orWaived(z.literal(true), 'Connections are encrypted, and refused otherwise'),
});

/** Declares the architecture that is recommended for production, and who recommends it. Named by `architecture:` in target.yaml. */
export const architectureSchema = z.strictObject({
  apiVersion: z.literal('seatrial.dev/v1'),
  kind: z.literal('Architecture'),
  source: z
    .array(
      z.strictObject({
        title: z.string(),
        url: z.url({ protocol: /^https?$/ }),
        seen: z.iso.date().describe('When it was read, e.g. 2026-11-21'),
        says: z.string().describe('What it recommends, in short'),
      }),
    )
    .min(1)
    .describe('The documents that recommend this architecture'),
  defaults: z.strictObject(aspects).partial().prefault({}).describe('Holds for every component that says nothing else'),
  components: z
    .array(z.strictObject({ ...selection, ...z.strictObject(aspects).partial().shape }))
    .min(1)
    .describe('What runs, one entry for each workload'),
  stores: orWaived(z.array(store).min(1), 'Databases and caches'),
  images: orWaived(z.strictObject({ pinnedBy: z.enum(['tag', 'digest']) }), 'How images are pinned: { pinnedBy: tag }'),
  secrets: orWaived(z.strictObject({ byReference: z.literal(true) }), 'Secrets stand in Secrets alone'),
  entry: orWaived(z.strictObject({ tls: z.literal(true) }), 'Where clients enter: { tls: true }'),
});

type Parsed = z.infer<typeof architectureSchema>;
type Aspects = { [K in keyof typeof aspects]: z.infer<(typeof aspects)[K]> };

/** Names of what is recommended for each component. */
export const aspectNames = Object.keys(aspects) as (keyof Aspects)[];

/** A component with its own recommendations and the defaults. */
export type Component = Pick<Parsed['components'][number], 'name' | 'workload' | 'selector' | 'container'> & Aspects;

export type Store = z.infer<typeof store>;

/** A validated declaration: every component has something to say about every aspect. */
export type Architecture = Omit<Parsed, 'components' | 'defaults'> & { components: Component[] };

export type ParsedArchitecture = Parsed;
