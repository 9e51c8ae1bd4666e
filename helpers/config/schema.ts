import { z } from 'zod';

/** What a person may write in `seatrial.config.yaml`. All of it has a default; the environment takes precedence. */
export const configSchema = z.strictObject({
  target: z
    .string()
    .min(1)
    .optional()
    .describe('Folder or target.yaml of what is on trial, relative to the config file'),
  provider: z.enum(['auto', 'kubeconfig', 'kind', 'embedded']).optional().describe('Where the cluster comes from'),
  context: z.string().min(1).optional().describe('Context of the kubeconfig to use; it must be one of allowedContexts'),
  allowedContexts: z
    .array(
      z
        .string()
        .min(1)
        .regex(/^[^*?]+$/, 'must be the exact name of a context: wildcards are refused'),
    )
    .optional()
    .describe('Contexts that Seatrial may write to, by their exact names: NAME, or NAME=https://SERVER'),
  nodes: z.int().min(1).max(9).optional().describe('Number of nodes of a kind or embedded cluster'),
  keepCluster: z.boolean().optional().describe('Leave a cluster running that was brought up for a run'),
  yes: z.boolean().optional().describe('Install what the embedded cluster needs on this machine without asking'),
  cache: z.string().min(1).optional().describe('Folder of builds and images that are kept between runs'),
  state: z.string().min(1).optional().describe('Folder of everything that belongs to a running cluster'),
  runs: z.string().min(1).optional().describe('Folder in which every run has its own; beside it stands `latest`'),
  probers: z
    .int()
    .min(0)
    .max(64)
    .optional()
    .describe(
      'Pods in the cluster that make the traffic on an MCP gateway, instead of the machine of the run; 0: none',
    ),
  proberImage: z
    .string()
    .regex(/^[^\s:@]+(:\d+)?(\/[^\s:@]+)*[:@]\S+$/, 'must name a repository and a tag or digest')
    .optional()
    .describe('Image of the suite for prober pods, where the cluster cannot be given the one that is built'),
  base: z.string().min(1).optional().describe('verdict.json of the base branch, which pull requests are compared with'),
  network: z
    .string()
    .regex(
      /^(10\.\d{1,3}|172\.(1[6-9]|2\d|3[01])|192\.168)$/,
      'must be the first two numbers of a private network, e.g. "10.199"',
    )
    .optional()
    .describe('First two numbers of the private /16 network of the embedded cluster'),
});

export type Config = z.infer<typeof configSchema>;
