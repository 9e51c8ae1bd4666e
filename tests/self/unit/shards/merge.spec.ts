import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { UserError } from '../../../../helpers/errors.ts';
import { mergeShards } from '../../../../helpers/run/shards/merge.ts';
import type { ShardRecord } from '../../../../helpers/run/shards/record.ts';
import { readShard } from '../../../../helpers/run/shards/stored.ts';
import { judgeRun, readRunFolder } from '../../../../helpers/verdict/run-folder.ts';
import type { CheckResult, RunVerdict } from '../../../../helpers/verdict/types.ts';
import standard from '../../../category-8/standard.ts';
import { historyFile, storeRun } from '../verdict/stored-run.ts';
import { change, fingerprint, split, targetOf } from './split.ts';

const ID = '20261121-120000-mmmm';

/** How a run is dealt out: how many shards, and which of them has the experiment of that index. */
const dealt = fc.integer({ min: 1, max: 5 }).chain((total) =>
  fc.record({
    total: fc.constant(total),
    shards: fc.array(fc.integer({ min: 1, max: total }), { minLength: 80, maxLength: 80 }),
  }),
);

test.describe('Merging shards', { tag: '@static' }, () => {
  test('should come to the verdict of the run in one piece, however it was dealt out', () => {
    const whole = storeRun(test.info().outputPath('whole'));
    const expected = judgeRun(readRunFolder(whole), [standard]);
    let count = 0;
    fc.assert(
      fc.property(dealt, fc.boolean(), ({ total, shards }, isReversed) => {
        const into = test.info().outputPath(`dealt-${String((count += 1))}`);
        const folders = split(whole, { into, total, shardOf: (index) => shards[index] ?? 1 });
        const verdict = judged(merge(isReversed ? folders.toReversed() : folders, whole));
        expect(verdict).toEqual({ ...expected, run: ID });
        rmSync(into, { recursive: true });
      }),
      { numRuns: 8 },
    );
  });

  test('should take nothing that a missing shard held for passed, and say which shard is missing', () => {
    const whole = storeRun(test.info().outputPath('whole'));
    const expected = byCheck(judgeRun(readRunFolder(whole), [standard]));
    let count = 0;
    fc.assert(
      fc.property(dealt, fc.nat(), ({ total, shards }, at) => {
        fc.pre(total > 1);
        const into = test.info().outputPath(`dealt-${String((count += 1))}`);
        const folders = split(whole, { into, total, shardOf: (index) => shards[index] ?? 1 });
        const missing = (at % total) + 1;
        const { plan } = readShard(folders[0] ?? '').shard;
        const folder = merge(folders.toSpliced(missing - 1, 1), whole);
        const verdict = judged(folder);
        expect(verdict.complete).toBe(false);
        expect(readRunFolder(folder).about?.merged?.troubles).toEqual([
          `Shard ${String(missing)} of ${String(total)} is missing`,
        ]);
        for (const [key, check] of byCheck(verdict)) {
          const before = expected.get(key);
          const lost = plan[check.experiment] === missing;
          const told = `was aborted: not run: shard ${String(missing)} of ${String(total)} is missing`;
          // What the target's file waives needs no experiment.
          const waived = before?.verdict === 'not-applicable';
          expect(check.verdict).toBe(lost && !waived ? 'inconclusive' : before?.verdict);
          expect(!lost || waived || check.seen.includes(told)).toBe(true);
        }
        rmSync(into, { recursive: true });
      }),
      { numRuns: 8 },
    );
  });

  test('should record when the shards ran, on what, and what went wrong there besides checks', () => {
    const { whole, folders } = halves();
    change(folders[1] ?? '', (record) => ({ ...record, complete: false, troubles: ['Criterion 1: no such file'] }));
    writeFileSync(join(folders[0] ?? '', 'host.json'), '{"cores":2}');
    const { about, complete } = readRunFolder(merge(folders, whole));
    expect(complete).toBe(false);
    expect(about).toMatchObject({
      id: ID,
      startedAt: '2026-11-21T10:00:00.000Z',
      endedAt: '2026-11-21T11:01:00.000Z',
      target: 'contextforge',
      command: 'npx playwright test --shard=1/2 && npx playwright test --shard=2/2 && npx seatrial merge',
      merged: {
        total: 2,
        shards: [
          { current: 1, complete: true, host: { cores: 2 } },
          { current: 2, complete: false },
        ],
        troubles: ['Shard 2 of 2 ended early', 'Shard 2 of 2: Criterion 1: no such file'],
      },
    });
  });

  test('should miss an experiment that its shard came to no more', () => {
    const { whole, folders } = halves();
    const [lost] = readShard(folders[0] ?? '').experiments;
    rmSync(join(folders[0] ?? '', 'experiments/contextforge', lost ?? ''), { recursive: true });
    const { targets } = readRunFolder(merge(folders, whole));
    expect(targets[0]?.histories.get(lost ?? '')?.end).toMatchObject({
      status: 'aborted',
      error: 'not run: shard 1 of 2 ended without it',
    });
  });

  test('should keep histories byte for byte, and follow no link out of a folder', () => {
    const { whole, folders } = halves();
    const secret = test.info().outputPath('secret');
    writeFileSync(secret, 'not yours');
    const [experiment = ''] = readShard(folders[0] ?? '').experiments;
    symlinkSync(secret, join(folders[0] ?? '', 'experiments/contextforge', experiment, 'traffic.jsonl'));
    const merged = merge(folders, whole);
    expect(existsSync(join(merged, 'experiments/contextforge', experiment, 'traffic.jsonl'))).toBe(false);
    for (const one of readShard(folders[1] ?? '').experiments)
      expect(readFileSync(historyFile(merged, one))).toEqual(readFileSync(historyFile(whole, one)));
  });

  const wrong: { what: string; changed: (record: { shard: ShardRecord }) => object; told: RegExp }[] = [
    {
      what: 'another number of shards',
      changed: shardWith({ total: 3 }),
      told: /number of shards: 2 in shard 1; 3 in shard 2/,
    },
    {
      what: 'other code',
      changed: shardWith({ fingerprint: { ...fingerprint, code: 'x' } }),
      told: /differ in their code/,
    },
    {
      what: 'another declaration',
      changed: shardWith({ fingerprint: { ...fingerprint, target: 'x' } }),
      told: /declaration of the target/,
    },
    {
      what: 'other options',
      changed: shardWith({ fingerprint: { ...fingerprint, options: { nodes: '3' } } }),
      told: /options: .*"nodes":"2".*"nodes":"3"/,
    },
    { what: 'another selection of tests', changed: shardWith({ tests: ['another'] }), told: /list of tests/ },
    { what: 'another plan', changed: shardWith({ plan: {} }), told: /plan of experiments/ },
    {
      what: 'another kind of cluster',
      changed: (record) => ({ ...record, provider: 'embedded' }),
      told: /kind of cluster: "kind" in shard 1; "embedded" in shard 2/,
    },
    {
      what: 'another version of Kubernetes',
      changed: (record) => ({ ...record, kubernetesVersion: 'v1.35.0' }),
      told: /version of Kubernetes/,
    },
    {
      what: 'another target',
      changed: (record) => ({ ...record, target: 'another' }),
      told: /differ in their target: "contextforge" in shard 1/,
    },
    { what: 'the same shard once more', changed: shardWith({ current: 1 }), told: /Shard 1 is there 2 times/ },
  ];
  for (const { what, changed, told } of wrong)
    test(`should refuse ${what}, and write nothing`, () => {
      const { whole, folders } = halves();
      for (const folder of folders)
        change(folder, (record) => ({ ...record, provider: 'kind', kubernetesVersion: 'v1.36.3' }));
      change(folders[1] ?? '', changed);
      if (what === 'another target') mkdirSync(join(folders[1] ?? '', 'experiments/another'), { recursive: true });
      expect(() => merge(folders, whole)).toThrow(told);
      expect(existsSync(test.info().outputPath('merged'))).toBe(false);
    });

  test('should refuse an experiment that ran twice, naming where', () => {
    const { whole, folders } = halves();
    const [twice = ''] = readShard(folders[0] ?? '').experiments;
    const [first, second] = folders.map((folder) => join(folder, 'experiments/contextforge', twice));
    cpSync(first ?? '', second ?? '', { recursive: true });
    expect(() => merge(folders, whole)).toThrow(
      new RegExp(`The experiment ${twice} ran in 2 shards[^]*shard-1, .*shard-2`),
    );
  });

  test('should refuse to judge what another checkout or another target ran', () => {
    const { whole, folders } = halves();
    const here = { target: targetOf(whole), fingerprint: { code: 'other code', target: 'other target' } };
    const attempt = () => mergeShards(folders.map(readShard), { id: ID, folder: 'nowhere' }, here);
    expect(attempt).toThrow(/The code here is not what the shards ran[^]*The target here is not/);
    expect(existsSync('nowhere')).toBe(false);
  });

  test('should refuse a run that is no shard, and a folder without a run', () => {
    const whole = storeRun(test.info().outputPath('whole'));
    expect(() => readShard(whole)).toThrow(/This run is no shard[^]*--shard=1\/N/);
    expect(() => readShard(test.info().outputPath('nowhere'))).toThrow(UserError);
  });

  test('should refuse a target whose name leads out of the folder', () => {
    const { folders } = halves();
    change(folders[0] ?? '', (record) => ({ ...record, target: '../../elsewhere' }));
    expect(() => readShard(folders[0] ?? '')).toThrow(UserError);
  });
});

/** A flawless run, dealt out to two shards in turn. */
function halves(): { whole: string; folders: string[] } {
  const whole = storeRun(test.info().outputPath('whole'));
  const into = test.info().outputPath('dealt');
  return { whole, folders: split(whole, { into, total: 2, shardOf: (index) => (index % 2) + 1 }) };
}

function merge(folders: readonly string[], whole: string): string {
  const folder = test.info().outputPath('merged');
  rmSync(folder, { recursive: true, force: true });
  mergeShards(folders.map(readShard), { id: ID, folder }, { target: targetOf(whole), fingerprint });
  return folder;
}

function judged(folder: string): RunVerdict {
  return judgeRun(readRunFolder(folder), [standard]);
}

function byCheck({ standards }: RunVerdict): Map<string, CheckResult> {
  return new Map(
    standards.flatMap(({ items }) =>
      items.flatMap(({ id, checks }) => checks.map((check) => [`${id} ${check.id}`, check] as const)),
    ),
  );
}

function shardWith(more: Partial<ShardRecord>) {
  return (record: { shard: ShardRecord }) => ({ ...record, shard: { ...record.shard, ...more } });
}
