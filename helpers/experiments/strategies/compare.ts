import { join } from 'node:path';
import { TRAFFIC_FILE } from '../../history/history.ts';
import { compareVersions } from '../../rollout/comparison.ts';
import type { Comparison } from '../../rollout/comparison.ts';
import { LiveTraffic } from '../../rollout/live-traffic.ts';
import type { Rollout } from './rollout.ts';

/** What both versions gave to their users while both served. Decided once: what comes after the first question changes nothing. */
export function compare(rollout: Rollout): Comparison {
  rollout.comparison ??= comparisonOf(rollout);
  return rollout.comparison;
}

function comparisonOf({ site, from, to }: Rollout): Comparison {
  const calls = new LiveTraffic(join(site.context.folder, TRAFFIC_FILE)).read();
  const both = calls.filter(({ servedBy }) => servedBy?.version === to.modelVersion);
  const [since, until] = [Math.min(...both.map(({ start }) => start)), Math.max(...both.map(({ start }) => start))];
  return compareVersions(
    calls.filter(({ start, path }) => path !== 'control' && start >= since && start <= until),
    { stable: from.modelVersion, candidate: to.modelVersion },
  );
}
