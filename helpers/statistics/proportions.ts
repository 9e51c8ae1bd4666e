import { incompleteBeta, logGamma } from './beta.ts';

/** How often something was seen among how many. */
export interface Count {
  hits: number;
  of: number;
}

/**
 * The exact (Clopper-Pearson) interval of a proportion: whatever it truly is, the interval holds it with at least this confidence.
 * @param confidence two-sided, e.g. 0.99.
 */
export function exactInterval({ hits, of }: Count, confidence: number): { from: number; to: number } {
  const tail = (1 - confidence) / 2;
  return {
    from: hits === 0 ? 0 : quantile(tail, hits, of - hits + 1),
    to: hits === of ? 1 : quantile(1 - tail, hits + 1, of - hits),
  };
}

/** Where the beta distribution reaches that probability, by halving: it only grows. */
function quantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Fisher's exact test, two-sided: the probability that two counts differ by as much as these do or more, if both were of the same
 * proportion. 1 where one of them is empty.
 */
export function fisherExact(first: Count, second: Count): number {
  const hits = first.hits + second.hits;
  const total = first.of + second.of;
  const log = (k: number) => choose(first.of, k) + choose(second.of, hits - k) - choose(total, hits);
  const observed = log(first.hits);
  let p = 0;
  for (let k = Math.max(0, hits - second.of); k <= Math.min(first.of, hits); k++) {
    // Tables that are as unlikely as the observed one count too, whatever their last digit became.
    if (log(k) <= observed + 1e-7) p += Math.exp(log(k));
  }
  return Math.min(1, p);
}

/** Natural logarithm of the number of ways to take k of n. */
function choose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
