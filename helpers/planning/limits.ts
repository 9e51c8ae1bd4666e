import type { ModelDeclaration } from '../target/model/schema.ts';
import { sampleFloor } from '../traffic/analysis/latency.ts';
import { thresholds } from '../verdict/thresholds.ts';
import type { Limit, Phase } from './schema.ts';

/** All pods of a version are ready. */
export function allReady(version: Limit['version']): Limit {
  return { metric: 'ready-share', version, comparator: '=', value: 1, unit: 'share' };
}

/** Whether users are meant to notice an outage in a phase: it is planned, and must be shown. */
export function plansOutage({ expectations }: Pick<Phase, 'expectations'>): boolean {
  return expectations.some(({ metric }) => metric === 'outage');
}

/** Users notice nothing of it. */
export function noCallLost(): Limit {
  return { metric: 'calls-lost', version: 'any', comparator: '<=', value: thresholds.callsLost.value, unit: 'count' };
}

/** All samples are predicted as they are declared. */
export function samplesRight(): Limit {
  return { metric: 'samples-wrong', version: 'candidate', comparator: '=', value: 0, unit: 'count' };
}

/** The candidate gets this percentage of calls, as far as chance allows to say. */
export function candidateGets(percentage: number): Limit {
  return { metric: 'candidate-share', version: 'candidate', comparator: '=', value: percentage / 100, unit: 'share' };
}

/** The SLOs of a version that has users, each with the samples below which it cannot be claimed. */
export function sloHolds({ slo }: Pick<ModelDeclaration, 'slo'>, version: Limit['version'] = 'candidate'): Limit[] {
  const below = (metric: Limit['metric'], value: number, unit: Limit['unit'], percentile: number): Limit => ({
    metric,
    version,
    comparator: '<',
    value,
    unit,
    minimumSamples: sampleFloor(percentile),
  });
  return [
    below('p95', slo.p95Ms, 'ms', 95),
    below('p99', slo.p99Ms, 'ms', 99),
    below('error-rate', slo.errorRate, 'share', 100 * (1 - slo.errorRate)),
    {
      metric: 'availability',
      version,
      comparator: '>',
      value: slo.availability,
      unit: 'share',
      minimumSamples: sampleFloor(100 * slo.availability),
    },
    { metric: 'oom-kills', version, comparator: '<=', value: thresholds.rollbackOomKills.value, unit: 'count' },
  ];
}

/**
 * What turns a candidate back. The protocol's code goes by the average latency and its plan document by the P95: each of the two does.
 */
export function rollbackTriggers({ rollbackThreshold }: Pick<ModelDeclaration, 'rollbackThreshold'>): Limit[] {
  const { rollbackLatency, rollbackAvailability, rollbackOomKills } = thresholds;
  const of = (metric: Limit['metric'], comparator: '<' | '>', value: number, unit: Limit['unit']): Limit => ({
    metric,
    version: 'candidate',
    comparator,
    value,
    unit,
  });
  return [
    of('error-rate', '>', rollbackThreshold, 'share'),
    of('average-latency', '>', rollbackLatency.value, 'ms'),
    of('p95', '>', rollbackLatency.value, 'ms'),
    of('availability', '<', rollbackAvailability.value, 'share'),
    of('oom-kills', '>', rollbackOomKills.value, 'count'),
  ];
}
