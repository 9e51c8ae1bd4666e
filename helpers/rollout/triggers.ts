import type { Limit } from '../planning/schema.ts';
import type { Calls } from '../traffic/analysis/calls.ts';
import { figuresOf } from '../traffic/analysis/figures.ts';
import type { Figures } from '../traffic/analysis/figures.ts';
import { thresholds } from '../verdict/thresholds.ts';

/** A limit together with what was measured. */
export interface Measured {
  limit: Limit;
  /** In the unit of the limit. */
  seen: number;
  /** Calls behind it. */
  samples: number;
}

/**
 * Those rollback triggers that are reached. Pure.
 * @param calls that the candidate is answerable for.
 * @param oomKills of its containers, which need no samples: one is enough.
 */
export function reachedTriggers(
  triggers: readonly Limit[],
  { calls, oomKills }: { calls: Calls; oomKills: number },
): Measured[] {
  const figures = figuresOf(calls);
  return triggers.flatMap((limit) => {
    const seen = limit.metric === 'oom-kills' ? oomKills : valueOf(figures, limit.metric);
    const enough = limit.metric === 'oom-kills' || figures.calls >= thresholds.rollbackSamples.value;
    if (seen === undefined || !enough || !isBeyond(seen, limit)) return [];
    return [{ limit, seen, samples: figures.calls }];
  });
}

/** What a limit is about, in its unit; undefined where it was not measured. */
export function valueOf(
  { errorRate, averageMs, latency, availability, lost }: Figures,
  metric: Limit['metric'],
): number | undefined {
  switch (metric) {
    case 'error-rate':
      return errorRate;
    case 'average-latency':
      return averageMs;
    case 'p95':
      return latency.p95;
    case 'p99':
      return latency.p99;
    case 'availability':
      return availability;
    case 'calls-lost':
      return lost;
    default:
      return undefined;
  }
}

/** A trigger names what turns a version back: `error rate > 5 %` is reached above 5 %. */
function isBeyond(seen: number, { comparator, value }: Limit): boolean {
  switch (comparator) {
    case '<':
      return seen < value;
    case '<=':
      return seen <= value;
    case '=':
      return seen === value;
    case '>=':
      return seen >= value;
    case '>':
      return seen > value;
  }
}
