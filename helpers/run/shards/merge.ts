import { cpSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { HistoryWriter } from '../../history/history.ts';
import { recordTarget } from '../../verdict/declared-target.ts';
import type { AnyTarget } from '../../target/any.ts';
import type { Run, RunRecord } from '../run.ts';
import { version } from '../version.ts';
import { disagreements, foreignTo } from './compare.ts';
import type { Fingerprint, MergedRecord } from './record.ts';
import type { StoredShard } from './stored.ts';

/** Of a shard's folder: what was found out, and what it was found out on. Views are made anew. */
const KEPT = ['images', 'target', 'cluster.json'];

/**
 * Puts the histories of the shards of one run together in the folder of `run`, as if one machine had made them. What a shard was to run and
 * has no history of gets one that says why: it is judged as inconclusive, and not as never asked for.
 * @throws UserError when these are not shards of one run, or this checkout is not what they ran. Nothing is written then.
 */
export function mergeShards(
  shards: readonly StoredShard[],
  run: Pick<Run, 'id' | 'folder'>,
  here: { fingerprint: Pick<Fingerprint, 'code' | 'target'>; target: AnyTarget },
): MergedRecord {
  const [any] = shards;
  if (any === undefined)
    throw new UserError({ what: 'There is nothing to merge', fix: 'name the folders of the shards' });
  const [mistake, ...more] = [...disagreements(shards), ...foreignTo(here.fingerprint, any)];
  if (mistake !== undefined) throw new UserError(mistake, ...more);
  mkdirSync(run.folder, { recursive: true });
  for (const { folder, target, experiments } of shards) {
    for (const name of KEPT) copy(join(folder, name), join(run.folder, name));
    for (const experiment of experiments)
      copy(join(folder, 'experiments', target, experiment), join(run.folder, 'experiments', target, experiment));
  }
  const merged = mergedRecordOf(shards, any);
  for (const [experiment, shard] of Object.entries(merged.plan)) {
    const file = join(run.folder, 'experiments', any.target, experiment, 'history.jsonl');
    if (existsSync(file)) continue;
    const history = HistoryWriter.begin(file, { experiment, target: any.target, run: run.id });
    recordTarget(history, here.target);
    history.end('aborted', `not run: ${whyNot(shard, merged)}`);
  }
  writeFileSync(join(run.folder, 'run.json'), `${JSON.stringify(recordOf(shards, run, merged), undefined, 2)}\n`);
  return merged;
}

function mergedRecordOf(shards: readonly StoredShard[], { shard: { total, plan, tests } }: StoredShard): MergedRecord {
  const sorted = shards.toSorted((a, b) => a.shard.current - b.shard.current);
  const there = new Set(sorted.map(({ shard }) => shard.current));
  const missing = Array.from({ length: total }, (_, index) => index + 1).filter((current) => !there.has(current));
  return {
    total,
    plan,
    tests,
    shards: sorted.map(({ shard: { current }, about: { id, startedAt, endedAt, complete }, host }) => ({
      current,
      run: id,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(endedAt === undefined ? {} : { endedAt }),
      complete,
      ...(host === undefined ? {} : { host }),
    })),
    troubles: [
      ...missing.map((current) => `Shard ${String(current)} of ${String(total)} is missing`),
      ...sorted.flatMap(({ shard: { current }, about: { complete, troubles = [] } }) => [
        ...(complete ? [] : [`Shard ${String(current)} of ${String(total)} ended early`]),
        ...troubles.map((trouble) => `Shard ${String(current)} of ${String(total)}: ${trouble}`),
      ]),
    ],
  };
}

function whyNot(shard: number, { total, shards }: MergedRecord): string {
  const name = `shard ${String(shard)} of ${String(total)}`;
  return shards.some(({ current }) => current === shard) ? `${name} ended without it` : `${name} is missing`;
}

function recordOf(
  shards: readonly StoredShard[],
  { id }: Pick<Run, 'id'>,
  merged: MergedRecord,
): Omit<RunRecord, 'provider'> & { provider?: string } {
  const known = shards.map(({ about }) => about);
  const { provider, kubernetesVersion, reason } = known.find((about) => about.provider !== undefined) ?? {};
  const { target, targetKind } = known[0] ?? {};
  const starts = known.flatMap(({ startedAt }) => startedAt ?? []).toSorted();
  const ends = known.flatMap(({ endedAt }) => endedAt ?? []).toSorted();
  const start = starts[0] ?? new Date().toISOString();
  const end = ends.at(-1);
  return {
    id,
    startedAt: start,
    ...(end === undefined ? {} : { endedAt: end }),
    complete: merged.shards.length === merged.total && known.every(({ complete }) => complete),
    ...(provider === undefined ? {} : { provider }),
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...(reason === undefined ? {} : { reason }),
    ...(target === undefined ? {} : { target }),
    ...(targetKind === undefined ? {} : { targetKind }),
    seatrialVersion: version,
    command: [...known.flatMap(({ command }) => command ?? []), 'npx seatrial merge'].join(' && '),
    merged,
  };
}

/** Links are left out: a folder that came from elsewhere must not bring along what lies beside it. What is there already stays. */
function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  cpSync(from, to, {
    recursive: true,
    force: false,
    preserveTimestamps: true,
    filter: (source) => !lstatSync(source).isSymbolicLink(),
  });
}
