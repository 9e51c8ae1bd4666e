import { fisherExact } from '../statistics/proportions.ts';
import type { Calls } from '../traffic/analysis/calls.ts';
import { answeredBy, figuresOf } from '../traffic/analysis/figures.ts';
import type { Figures } from '../traffic/analysis/figures.ts';
import { thresholds } from '../verdict/thresholds.ts';

/** Two versions compared by what they gave to their users at the same time. */
export interface Comparison {
  stable: Figures;
  candidate: Figures;
  /** Probability that both lose the same share of calls and yet look as different as this, by Fisher's exact test. */
  p: number;
  significant: boolean;
  /** The one that loses significantly fewer calls; `none` when chance explains the difference. */
  better: 'stable' | 'candidate' | 'none';
}

export function compareVersions(
  calls: Calls,
  { stable, candidate }: { stable: string; candidate: string },
): Comparison {
  const figures = { stable: figuresOf(answeredBy(calls, stable)), candidate: figuresOf(answeredBy(calls, candidate)) };
  const count = ({ lost, calls: of }: Figures) => ({ hits: lost, of });
  const p = fisherExact(count(figures.stable), count(figures.candidate));
  const significant = p < thresholds.variantSignificance.value;
  const rate = ({ errorRate = 1 }: Figures) => errorRate;
  const winner = rate(figures.candidate) < rate(figures.stable) ? 'candidate' : 'stable';
  return { ...figures, p, significant, better: significant ? winner : 'none' };
}
