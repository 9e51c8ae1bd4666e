import type { Inconsistency } from '../../consistency.ts';
import type { ModelDeclaration } from '../schema.ts';

/** Pairs of limits of which one must not be beyond the other. */
export function limitRules({ slo, healthChecks: { thresholds } }: ModelDeclaration): Inconsistency[] {
  const checks = Object.entries(thresholds).flatMap(([name, { warning, critical }]) =>
    warning < critical
      ? []
      : [
          {
            path: ['healthChecks', 'thresholds', name, 'warning'],
            what: `The warning limit of ${name}, ${String(warning)}, is not below the critical one, ${String(critical)}`,
            fix: 'lower the warning limit: otherwise a replica is never degraded before it is unhealthy',
          },
        ],
  );
  if (slo.p95Ms <= slo.p99Ms) return checks;
  const tail = {
    path: ['slo', 'p99Ms'],
    what: `P99 shall be below ${String(slo.p99Ms)} ms and P95 below ${String(slo.p95Ms)} ms: P95 is never above P99`,
    fix: `write "p95Ms: ${String(slo.p99Ms)}" or less, or raise p99Ms`,
  };
  return [...checks, tail];
}
