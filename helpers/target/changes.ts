import { z } from 'zod';

/** Values on top of those that a release is declared with. */
const overrides = z.strictObject({
  values: z.array(z.string()).default([]).describe('Values files, relative to target.yaml, later ones win'),
  set: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Single values, as helm --set; placeholders as in releases'),
});

const byValues = z
  .strictObject({
    release: z.string().describe('Helm release that is upgraded'),
    from: overrides.optional().describe('What it is installed with for this trial, on top of its own values'),
    to: overrides.describe('What it is upgraded to, on top of its own values'),
    kind: z.enum(['gateway', 'policy']).default('gateway').describe('What is changed'),
    restarts: z
      .boolean()
      .default(false)
      .describe('Whether the gateway has to replace its pods for it; if not, one that it does replace is a fault'),
  })
  .describe('A change by Helm values');

const way = z
  .union([z.literal('api').describe("Through the gateway's own administration"), byValues])
  .describe('How it is changed: "api", or by Helm values');

/** The changes that are tried while traffic is on the target. What is not declared is not tried, and stays inconclusive. */
export const changes = z
  .strictObject({
    tool: z.string().describe('A published tool that the traffic does not call: changes are made on it'),
    pods: z
      .strictObject({ labelSelector: z.string(), port: z.union([z.int().min(1).max(65535), z.string()]) })
      .optional()
      .describe('The pods that serve clients; default: those of the Service in mcp.endpoint'),
    'add-tool': way.optional(),
    'tool-state': way.optional(),
    'access-policy': way.optional(),
    'rate-limit': way.optional(),
    plugin: way.optional(),
    'image-upgrade': byValues.optional(),
    'scale-in': byValues.optional(),
    invalid: z
      .array(
        z.strictObject({
          what: z.string().describe('What is wrong with it, e.g. "a tool that does not exist"'),
          release: z.string(),
          to: overrides,
        }),
      )
      .default([])
      .describe('Changes by Helm values that must be refused'),
    'secret-rotation': z
      .strictObject({
        secret: z.string().describe('Secret that gets a new value'),
        key: z.string(),
        restart: z
          .string()
          .regex(/^(Deployment|StatefulSet)\/[a-z0-9-]+$/, 'must be Deployment/NAME or StatefulSet/NAME')
          .describe('What is restarted so that the new value is used'),
      })
      .optional(),
    'node-drain': z
      .strictObject({
        workload: z
          .string()
          .regex(/^Deployment\/[a-z0-9-]+$/, 'must be Deployment/NAME')
          .describe('A node that runs a pod of it is drained'),
        keep: z
          .array(z.string())
          .default([])
          .describe('Names of pods that have no second replica: a node that runs one of them is left alone'),
        allowed: z
          .boolean()
          .default(false)
          .describe('Whether nodes of your own cluster may be drained; those that Seatrial made always may'),
      })
      .optional(),
  })
  .describe('The changes that are tried under traffic');

export type Changes = z.infer<typeof changes>;
export type ByValues = z.infer<typeof byValues>;
export type Overrides = z.infer<typeof overrides>;
