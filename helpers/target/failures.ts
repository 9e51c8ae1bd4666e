import { z } from 'zod';

const workload = z
  .string()
  .regex(/^(Deployment|StatefulSet)\/[a-z0-9.-]+$/, 'must be KIND/NAME, e.g. "Deployment/gateway"');

/** What the failures of criterion 5 are injected into. What is not declared cannot be tried. */
export const failuresSchema = z
  .strictObject({
    gateway: workload.optional().describe('Workload that serves clients; default: the one behind mcp.endpoint.service'),
    server: workload.optional().describe('Workload of the custom server'),
    database: workload.optional().describe('Workload of the database, where the target brings it'),
    badConfiguration: z
      .strictObject({
        release: z.string().describe('Name of the release'),
        set: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .describe('Values, as helm --set, that its chart accepts and with which it cannot start'),
      })
      .optional()
      .describe('A wrong value that a helm upgrade pushes'),
    secret: z
      .strictObject({ name: z.string(), key: z.string() })
      .optional()
      .describe('A key of a Secret that the gateway reads at start and that somebody else knows too, e.g. a password'),
  })
  .describe('What failures are injected into, to try the runbooks');
