import { build } from 'hdr-histogram-js';
import type { TrafficCall } from '../records.ts';
import { isLost, waited } from './windows.ts';

/**
 * Fewest samples behind a percentile: with n samples the largest one lies above the p-th percentile with a confidence of 95 % when
 * p^n ≤ 0.05, that is n ≥ ln 0.05 / ln p (order statistics; Conover, Practical Nonparametric Statistics, tolerance limits).
 */
export function sampleFloor(percentile: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(percentile / 100));
}

export interface Latency {
  samples: number;
  /** In ms; undefined where there are not enough samples. */
  p50: number | undefined;
  p95: number | undefined;
  p99: number | undefined;
  max: number | undefined;
}

/** What clients waited beyond the calls' own lengths, from the moment of being due, over all that were served. */
export function latencyOf(calls: readonly TrafficCall[]): Latency {
  return percentilesOf(calls.filter((call) => !isLost(call)).map(waited));
}

/** Percentiles of durations in ms, to three significant digits; each only with enough samples behind it. */
export function percentilesOf(durations: readonly number[]): Latency {
  const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  // The histogram counts whole numbers from 0: microseconds.
  for (const ms of durations) histogram.recordValue(Math.max(0, Math.round(ms * 1000)));
  const at = (percentile: number) =>
    durations.length < sampleFloor(percentile) ? undefined : histogram.getValueAtPercentile(percentile) / 1000;
  return {
    samples: durations.length,
    p50: at(50),
    p95: at(95),
    p99: at(99),
    max: durations.length === 0 ? undefined : Math.max(...durations),
  };
}

/** `P50 12 ms, P95 not enough samples (40 of 59)`. */
export function describeLatency({ samples, p50, p95, p99, max }: Latency): string {
  const one = (name: string, percentile: number, value: number | undefined) =>
    value === undefined
      ? `${name} not enough samples (${String(samples)} of ${String(sampleFloor(percentile))})`
      : `${name} ${value.toFixed(1)} ms`;
  if (samples === 0 || max === undefined) return 'no samples';
  return [one('P50', 50, p50), one('P95', 95, p95), one('P99', 99, p99), `max ${max.toFixed(1)} ms`].join(', ');
}
