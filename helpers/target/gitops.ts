import { z } from 'zod';
import { webAddress } from './web-address.ts';

/** What a client of the gateway sees once a change has come into effect, and does not see before. */
const effect = z
  .union([
    z.strictObject({ serverName: z.string().min(1).describe('Name by which the gateway introduces itself') }),
    z
      .strictObject({
        listed: z.array(z.string()).default([]).describe('Tools that are in the list'),
        unlisted: z.array(z.string()).default([]).describe('Tools that are not in the list'),
      })
      .refine(({ listed, unlisted }) => listed.length + unlisted.length > 0, 'must name at least one tool'),
    z.strictObject({
      tool: z.string(),
      arguments: z.record(z.string(), z.unknown()).default({}),
      expect: z.string().min(1).describe('Text that the result contains'),
    }),
  ])
  .describe('What an MCP client sees once the change has come into effect, and does not see before');

const edit = z.strictObject({
  file: z.string().describe('YAML file, within the tree'),
  set: z
    .record(z.string(), z.unknown())
    .refine((values) => Object.keys(values).length > 0, 'must set at least one field')
    .describe('New values by their fields, e.g. spec.values.servers.0.tools'),
});

const change = edit.extend({ effect });

/** What of `gitops` is only needed to try it on a cluster. */
export const liveGitops = {
  engine: z.enum(['flux']).default('flux').describe('What reconciles the cluster with Git'),
  repository: z
    .strictObject({
      url: webAddress.describe('Repository that this machine can push to and the cluster can fetch from'),
      username: z.string().optional().describe('Environment variable that holds the user name'),
      password: z.string().optional().describe('Environment variable that holds the password or token'),
    })
    .optional()
    .describe('For clusters other than the embedded one: each trial has a branch of its own there, and removes it'),
  changes: z
    .strictObject({
      gateway: change.optional().describe('A change of the configuration of the gateway'),
      server: change.optional().describe('A change of the configuration of a server behind it'),
      policy: change.optional().describe('A change of who may call what'),
      invalid: edit.optional().describe('A change that has to be refused, e.g. by the schema of a chart'),
    })
    .prefault({})
    .describe('What the trial commits'),
};

export type Effect = z.infer<typeof effect>;
export type Edit = z.infer<typeof edit>;
export type Change = z.infer<typeof change>;
