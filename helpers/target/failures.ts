import { z } from 'zod';
import { didYouMean } from '../config/suggest.ts';
import type { Inconsistency } from './consistency.ts';
import type { TargetDeclaration } from './schema.ts';

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
      .strictObject({ secret: z.string(), key: z.string() })
      .optional()
      .describe('A key of a Secret that the gateway reads at start and that somebody else knows too, e.g. a password'),
    drainNodes: z
      .boolean()
      .default(false)
      .describe('Whether nodes of your own cluster may be drained; those that Seatrial made always may'),
  })
  .describe('What failures are injected into, to try the runbooks');

/** What the section names has to be declared elsewhere in the file. */
export function failureInconsistencies({
  failures,
  releases,
  secrets,
}: Pick<TargetDeclaration, 'failures' | 'releases' | 'secrets'>): Inconsistency[] {
  const { badConfiguration, secret } = failures ?? {};
  const keys = Object.keys(secrets.find(({ name }) => name === secret?.secret)?.keys ?? {});
  return [
    ...(badConfiguration === undefined
      ? []
      : known(badConfiguration.release, names(releases), ['badConfiguration', 'release'], 'release')),
    ...(secret === undefined ? [] : known(secret.secret, names(secrets), ['secret', 'secret'], 'Secret')),
    ...(secret === undefined || keys.length === 0 ? [] : known(secret.key, keys, ['secret', 'key'], 'key')),
  ];
}

function names(items: readonly { name: string }[]): string[] {
  return items.map(({ name }) => name);
}

function known(name: string, among: readonly string[], path: string[], kind: string): Inconsistency[] {
  if (among.includes(name)) return [];
  const fix = didYouMean(name, among) ?? `use one of ${among.join(', ')}`;
  return [{ path: ['failures', ...path], what: `There is no ${kind} "${name}"`, fix }];
}
