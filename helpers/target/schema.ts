import { z } from 'zod';
import { gatewayNames } from '../gateways/registry.ts';
import { changes } from './changes.ts';
import { failuresSchema } from './failures.ts';
import { liveGitops } from './gitops.ts';
import { upgradeSchema } from './upgrade.ts';
import { webAddress } from './web-address.ts';

/** Name of a Kubernetes object (DNS-1123 label). */
const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/, 'must be a DNS label: a-z, 0-9 and "-", at most 53 characters');

const exactVersion = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/, 'must be an exact version, e.g. "1.8.8"')
  .describe('Exact version; ranges are refused, since a trial must name what it tried');

const chart = z
  .union([
    z.strictObject({ path: z.string().describe('Folder of the chart, relative to target.yaml') }),
    z.strictObject({
      oci: z
        .string()
        .regex(/^oci:\/\/[^\s@]+$/, 'must be oci://HOST/PATH, without user name, password and digest')
        .describe('Chart in an OCI registry, e.g. oci://registry.example.com/charts/arcade'),
      version: exactVersion,
    }),
    z.strictObject({
      repo: webAddress.describe('Helm repository'),
      name: z
        .string()
        .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be the name of a chart: letters, digits, "_", "." and "-"')
        .describe('Name of the chart in the repository'),
      version: exactVersion,
    }),
  ])
  .describe('Where the chart comes from: a folder, an OCI registry or a Helm repository');

const release = z.strictObject({
  name: objectName.describe('Helm release name'),
  chart,
  values: z.array(z.string()).default([]).describe('Values files, relative to target.yaml, later ones win'),
  set: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Single values, as helm --set'),
  timeout: z
    .string()
    .regex(/^\d+[smh]$/, 'must be a duration, e.g. "90s", "10m" or "1h"')
    .default('10m')
    .describe('What `helm --timeout` gets'),
});

const secret = z.strictObject({
  name: objectName,
  keys: z
    .record(
      z.string(),
      z.union([
        z.strictObject({ random: z.int().min(12).max(128).describe('A random text of this many letters and digits') }),
        z.strictObject({ env: z.string().describe('Environment variable that holds the value') }),
        z.strictObject({ value: z.string().describe('A value that is no secret, e.g. an e-mail address') }),
      ]),
    )
    .describe('Keys of the Secret and where each value comes from'),
});

const auth = z.union([
  z.strictObject({ none: z.literal(true) }),
  z.strictObject({
    bearer: z.union([z.strictObject({ env: z.string() }), z.strictObject({ secret: objectName, key: z.string() })]),
  }),
  z.strictObject({
    jwt: z
      .strictObject({
        secret: objectName.describe('Secret in the trial namespace that holds the signing key'),
        key: z.string(),
        claims: z.record(z.string(), z.unknown()).default({}),
        expiresIn: z.string().default('2h'),
      })
      .describe('A token that the run signs itself (HS256)'),
  }),
]);

const endpoint = z.union([
  z.strictObject({
    url: webAddress.describe('Where clients enter, e.g. https://gateway.example.com/mcp'),
  }),
  z
    .strictObject({
      service: objectName,
      port: z.union([z.string(), z.int().min(1).max(65535)]),
      path: z.string().startsWith('/'),
    })
    .describe('A Service of type NodePort or LoadBalancer in the trial namespace'),
  z.strictObject({ env: z.string().describe('Environment variable that holds the URL where clients enter') }),
]);

/** Where in a Git tree something is configured: `apps/gateway/values.yaml#servers`. */
const treePlaces = z
  .array(z.string().regex(/^[^#]+(#[\w-]+(\.[\w-]+)*)?$/, 'must be a file, or FILE#field.field'))
  .min(1);

const gitops = z
  .strictObject({
    tree: z.string().describe('Root of the Git repository (or the part of it that is here), relative to target.yaml'),
    path: z.string().default('.').describe('Folder in the tree that deploys the target, e.g. apps/arcade'),
    configuration: z
      .strictObject({
        gateway: treePlaces.optional().describe('Where the gateway is configured: FILE or FILE#field, within the tree'),
        server: treePlaces.optional().describe('Where its servers are configured'),
        policy: treePlaces.optional().describe('Where its policies are configured'),
      })
      .prefault({})
      .describe('What of the configuration is in Git, and where'),
    ...liveGitops,
  })
  .describe('The Flux or Kubernetes YAML that deploys the target');

const toolCall = z.strictObject({
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
  expect: z.string().min(1).describe('Text that the result must contain'),
});

const workerCall = z.strictObject({
  tool: z
    .string()
    .regex(/^\w+\.\w+$/, 'must be TOOLKIT.TOOL, e.g. "Math.Add"')
    .describe('Name of the tool in its toolkit, e.g. Math.Add'),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

const worker = z
  .strictObject({
    endpoint: z.union([
      z.strictObject({ service: objectName, port: z.union([z.string(), z.int().min(1).max(65535)]) }),
      z.strictObject({
        env: z.string().describe('Environment variable that holds its URL, e.g. http://10.0.0.7:9500'),
      }),
    ]),
    secret: z
      .union([z.strictObject({ secret: objectName, key: z.string() }), z.strictObject({ env: z.string() })])
      .describe('What the gateway signs its tokens with'),
    release: objectName.optional().describe('Release that deploys it; needed unless it is there already'),
    toolCall: workerCall
      .extend({ expect: z.string().min(1).describe('Text that the value must contain') })
      .describe('A tool, with the value that it must give'),
    failingCall: workerCall.optional().describe('A tool that fails whenever it is called'),
  })
  .describe(
    'A server that the gateway calls by the worker protocol (/worker/health, /worker/tools, /worker/tools/invoke)',
  );

const traffic = z.strictObject({
  rate: z
    .number()
    .min(1)
    .max(500)
    .default(200)
    .describe(
      'Short tool calls a second, half over new connections and half over kept ones; the target has to bear it',
    ),
  sessions: z.int().min(1).max(500).default(50).describe('Standing MCP sessions that are watched'),
  sessionRate: z.number().min(0.1).max(100).default(10).describe('tools/list calls a second, over all sessions'),
  longCall: z
    .strictObject({
      tool: z.string(),
      arguments: z.record(z.string(), z.unknown()).default({}),
      secondsArgument: z.string().describe('Name of the argument that takes how many seconds the tool shall work'),
      expect: z.string().min(1).describe('Text that the result must contain'),
    })
    .optional()
    .describe('A tool that works for as long as it is told: without it nothing is known about calls in flight'),
  servedByHeader: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a header in lower case')
    .optional()
    .describe('Response header in which the gateway names the replica that answered'),
  control: webAddress
    .optional()
    .describe('Address that no change touches; default: the registry of the embedded cluster, or the API server'),
});

const docs = z.strictObject({
  readme: z
    .string()
    .optional()
    .describe("The chart's README, relative to target.yaml; default: README.md in the chart"),
  install: z.string().optional(),
  upgrade: z.string().optional().describe('Document that describes upgrade and rollback'),
  uninstall: z.string().optional(),
  runbooks: z.string().optional().describe('Folder of runbooks'),
});

const image = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'must be a repository name: a-z, 0-9 and "._/-"')
    .describe('Repository name in the registry of the cluster'),
  context: z.string().describe('Folder with the image recipe (image.yaml), relative to target.yaml'),
});

/** Declares what is on trial. One file per target. */
export const targetSchema = z.strictObject({
  apiVersion: z.literal('seatrial.dev/v1'),
  kind: z.literal('McpGateway'),
  name: objectName,
  description: z.string(),
  images: z.array(image).default([]).describe('Images to build and push before the trial (bundled targets)'),
  kubernetesVersions: z
    .array(z.string().regex(/^1\.\d+$/, 'must be a minor version of Kubernetes, e.g. "1.36"'))
    .min(1)
    .describe('Kubernetes versions that the charts claim to support'),
  secrets: z
    .array(secret)
    .default([])
    .describe('Secrets that exist in the namespace before the first release is installed'),
  releases: z.array(release).min(1).describe('Helm releases in the order of installation'),
  mcp: z.strictObject({
    endpoint,
    auth,
    /** Which era of the protocol the client speaks; `auto` negotiates. */
    protocol: z.enum(['auto', '2025-11-25', '2026-07-28']).default('auto'),
    toolCall,
  }),
  traffic: traffic.prefault({}),
  gateway: z
    .enum(gatewayNames)
    .optional()
    .describe('Product, where the suite knows how to ask it for its configuration and how to change that'),
  administration: z
    .strictObject({ auth: auth.describe('As in mcp.auth') })
    .optional()
    .describe("How the gateway's own administration is asked; default: as clients ask"),
  changes: changes.optional(),
  docs: docs.prefault({}),
  upgrade: upgradeSchema({ chart, image }).optional(),
  architecture: z
    .string()
    .optional()
    .describe('File that declares the architecture recommended for production, relative to target.yaml'),
  gitops: gitops.optional(),
  worker: worker.optional(),
  failures: failuresSchema.optional(),
  existing: z
    .strictObject({ namespace: objectName.describe('Where it runs') })
    .optional()
    .describe('The deployment is there already, and nothing may be installed beside it'),
  support: z
    .string()
    .optional()
    .describe(
      'Facts about support (contacts, SLA, tickets, escalation), relative to target.yaml; `seatrial init --support` writes a template',
    ),
  notApplicable: z
    .record(z.string(), z.string().min(20))
    .default({})
    .describe('Check ids that do not apply to this target, each with the written reason'),
});

/** A validated `target.yaml`. */
export type TargetDeclaration = z.infer<typeof targetSchema>;

/** A declaration together with where it stands; relative paths in it are relative to `folder`. */
export type Target = TargetDeclaration & { file: string; folder: string };
export type Release = TargetDeclaration['releases'][number];
export type ChartSource = Release['chart'];
