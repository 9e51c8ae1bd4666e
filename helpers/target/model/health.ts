import { z } from 'zod';
import { thresholds } from '../../verdict/thresholds.ts';
import { portNames } from './serving.ts';

const port = z.union([z.int().min(1).max(65535), z.enum(portNames)]).describe('Number or name of one of serving.ports');

const times = (defaults: { initialDelay: number; period: number; timeout: number; failures: number }) => ({
  initialDelaySeconds: z.int().min(0).max(3600).default(defaults.initialDelay),
  periodSeconds: z.int().min(1).max(3600).default(defaults.period),
  timeoutSeconds: z.int().min(1).max(3600).default(defaults.timeout),
  failureThreshold: z.int().min(1).max(1000).default(defaults.failures),
});

/** The defaults of each probe are the ones of the protocol's own manifest. */
function probe(defaults: Parameters<typeof times>[0]) {
  return z.union([
    z.strictObject({
      path: z.string().startsWith('/').describe('Path that answers 2xx, e.g. /health'),
      port,
      ...times(defaults),
    }),
    z
      .strictObject({
        grpc: z.strictObject({
          port,
          service: z.string().optional().describe('Name that grpc.health.v1 is asked for'),
        }),
        ...times(defaults),
      })
      .describe('grpc.health.v1'),
    z
      .strictObject({
        exec: z.strictObject({
          command: z.array(z.string().min(1)).min(1).describe('Ends with 0 when all is well; run in the container'),
        }),
        ...times(defaults),
      })
      .describe('A command, for servers that tell their state in no other way'),
  ]);
}

/** From `warning` on a replica is degraded, beyond `critical` it is unhealthy. */
function limits(unit: string, schema: z.ZodNumber, fallback: { warning: number; critical: number }) {
  return z
    .strictObject({
      warning: schema.default(fallback.warning).describe(`${unit}; above it the replica is degraded`),
      critical: schema.default(fallback.critical).describe(`${unit}; above it the replica is unhealthy`),
    })
    .prefault({});
}

const share = z.number().min(0).max(1);

export const healthChecks = z
  .strictObject({
    liveness: probe({ initialDelay: 30, period: 10, timeout: 5, failures: 3 }).describe(
      'Restarts a replica that hangs',
    ),
    readiness: probe({ initialDelay: 10, period: 5, timeout: 3, failures: 3 }).describe(
      'Keeps calls from a replica whose model is not loaded',
    ),
    startup: probe({ initialDelay: 0, period: 5, timeout: 3, failures: 30 })
      .optional()
      .describe('Holds the other two back while a model is loaded that takes long'),
    thresholds: z
      .strictObject({
        memory: limits('Share of the memory limit', share, {
          warning: thresholds.healthMemoryWarning.value,
          critical: thresholds.healthMemoryCritical.value,
        }),
        cpu: limits('Share of the CPU limit', share, {
          warning: thresholds.healthCpuWarning.value,
          critical: thresholds.healthCpuCritical.value,
        }),
        responseTimeMs: limits('Average response time in ms', z.number().positive(), {
          warning: thresholds.healthResponseWarning.value,
          critical: thresholds.healthResponseCritical.value,
        }),
        errorRate: limits('Share of failed requests', share, {
          warning: thresholds.healthErrorsWarning.value,
          critical: thresholds.healthErrorsCritical.value,
        }),
      })
      .prefault({})
      .describe('When the health check says degraded, and when unhealthy'),
  })
  .describe('Probes of Kubernetes, and the limits of the health check');

export type HealthChecks = z.infer<typeof healthChecks>;
export type Probe = HealthChecks['liveness'];
