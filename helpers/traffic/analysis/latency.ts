import { build } from 'hdr-histogram-js';
import type { Calls } from './calls.ts';
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
export function latencyOf(calls: Calls): Latency {
  const durations = new Durations();
  for (const call of calls) if (!isLost(call)) durations.add(waited(call));
  return durations.latency;
}

/** Any number of durations in ms, of which the percentiles are known to three significant digits, each only with enough samples behind it. */
export class Durations {
  readonly #histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  #samples = 0;
  #max = -Infinity;

  add(ms: number): void {
    // The histogram counts whole numbers from 0: microseconds.
    this.#histogram.recordValue(Math.max(0, Math.round(ms * 1000)));
    this.#samples++;
    this.#max = Math.max(this.#max, ms);
  }

  get latency(): Latency {
    const samples = this.#samples;
    const at = (percentile: number) =>
      samples < sampleFloor(percentile) ? undefined : this.#histogram.getValueAtPercentile(percentile) / 1000;
    return { samples, p50: at(50), p95: at(95), p99: at(99), max: samples === 0 ? undefined : this.#max };
  }
}

export function percentilesOf(durations: Iterable<number>): Latency {
  const all = new Durations();
  for (const ms of durations) all.add(ms);
  return all.latency;
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
