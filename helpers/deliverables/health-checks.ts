import type { ModelDeclaration } from '../target/model/schema.ts';
import { metricsPort } from '../target/model/serving.ts';
import { probe } from './container.ts';

/** The probes as they are in the manifest, the five checks of the health check with their limits, and the SLOs. */
export function healthCheckConfig({ name, healthChecks, serving, slo, rollbackThreshold }: ModelDeclaration): object {
  const { liveness, readiness, startup, thresholds } = healthChecks;
  return {
    service: name,
    probes: {
      livenessProbe: probe(liveness, serving),
      readinessProbe: probe(readiness, serving),
      ...(startup === undefined ? {} : { startupProbe: probe(startup, serving) }),
    },
    checks: {
      model_loaded: { critical: 'the readiness probe fails' },
      memory_usage: { unit: 'share of the memory limit', ...thresholds.memory },
      cpu_usage: { unit: 'share of the CPU limit', ...thresholds.cpu },
      response_time: { unit: 'ms, average', ...thresholds.responseTimeMs },
      error_rate: { unit: 'share of requests', ...thresholds.errorRate },
    },
    status: {
      healthy: 'no check is beyond its warning limit',
      degraded: 'a check is beyond its warning limit, and none beyond its critical one',
      unhealthy: 'a check is beyond its critical limit',
    },
    metrics: { path: serving.paths.metrics, port: metricsPort(serving) },
    slo,
    rollbackThreshold,
  };
}
