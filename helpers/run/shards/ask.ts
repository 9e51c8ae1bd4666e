import { loadOptions } from '../../config/options.ts';
import { timeLimitOf } from '../../experiments/experiments.ts';
import { loadAnyTarget } from '../../target/load.ts';
import { fingerprintOf } from './fingerprint.ts';
import { planShards } from './plan.ts';
import type { ShardRecord } from './record.ts';

/**
 * What one shard is told of the whole: the plan for all experiments that were asked for, and what the other shards must have in common with it.
 * @throws UserError for mistakes in the options or in the target.
 */
export function shardRecordOf(
  { current, total }: Pick<ShardRecord, 'current' | 'total'>,
  asked: { experiments: Iterable<string>; tests: readonly string[] },
): ShardRecord {
  const loads = [...new Set(asked.experiments)].map((id) => ({ id, weight: timeLimitOf(id) ?? 1 }));
  const options = loadOptions();
  return {
    current,
    total,
    plan: planShards(loads, total),
    tests: [...asked.tests],
    fingerprint: fingerprintOf(loadAnyTarget(options.target), options),
  };
}
