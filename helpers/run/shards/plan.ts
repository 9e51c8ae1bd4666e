import { byCodeUnits } from '../../files.ts';

/** An experiment, and what it weighs beside others: about how long it takes. */
export interface Load {
  id: string;
  weight: number;
}

/**
 * Which shard (from 1) runs each experiment: the heaviest first, each by the shard that has least to do by then (LPT: at most a third longer
 * than the best plan; Graham, Bounds on Multiprocessing Timing Anomalies, 1969). Pure, and blind to the order of `loads`: every shard makes
 * the plan by itself, and all have to make the same.
 */
export function planShards(loads: readonly Load[], total: number): Record<string, number> {
  const busy = Array.from({ length: total }, () => 0);
  const plan = new Map<string, number>();
  for (const { id, weight } of loads.toSorted((a, b) => b.weight - a.weight || byCodeUnits(a.id, b.id))) {
    const least = busy.indexOf(Math.min(...busy));
    busy[least] = (busy[least] ?? 0) + weight;
    plan.set(id, least + 1);
  }
  return Object.fromEntries([...plan].toSorted(([a], [b]) => byCodeUnits(a, b)));
}
