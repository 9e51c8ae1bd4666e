import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { timeLimitOf } from '../../../../helpers/experiments/experiments.ts';
import { digestOf, targetDigest } from '../../../../helpers/run/shards/fingerprint.ts';
import { planShards } from '../../../../helpers/run/shards/plan.ts';
import type { Load } from '../../../../helpers/run/shards/plan.ts';
import { isOurs } from '../../../../helpers/run/shards/record.ts';
import { experimentsOf, loadStandards } from '../../../../helpers/verdict/standards.ts';
import { fingerprint } from './split.ts';

const loads = fc.uniqueArray(fc.record({ id: fc.string(), weight: fc.integer({ min: 1, max: 1_000_000 }) }), {
  selector: ({ id }) => id,
  maxLength: 60,
});
const total = fc.integer({ min: 1, max: 9 });

test.describe('The plan of shards', { tag: '@static' }, () => {
  test('should give every experiment to exactly one of the shards that there are', () => {
    fc.assert(
      fc.property(loads, total, (all, shards) => {
        const plan = planShards(all, shards);
        expect(Object.keys(plan).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
        for (const { id } of all) {
          const runs = Array.from({ length: shards }, (_, index) => index + 1).filter((current) =>
            isOurs({ shard: { current, total: shards, plan, tests: [], fingerprint } }, id),
          );
          expect(runs).toEqual([plan[id]]);
        }
      }),
    );
  });

  test('should be the same in every shard, whatever order the tests come in', () => {
    fc.assert(
      fc.property(
        loads.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        total,
        ([all, shuffled], shards) => {
          expect(JSON.stringify(planShards(shuffled, shards))).toBe(JSON.stringify(planShards(all, shards)));
        },
      ),
    );
  });

  test('should leave no shard with more than an even share and one experiment', () => {
    fc.assert(
      fc.property(loads, total, (all, shards) => {
        const even = all.reduce((sum, { weight }) => sum + weight, 0) / shards;
        const heaviest = Math.max(0, ...all.map(({ weight }) => weight));
        for (const busy of busyOf(all, planShards(all, shards), shards))
          expect(busy).toBeLessThanOrEqual(even + heaviest);
      }),
    );
  });

  test('should know how long each experiment of the standards may take, and deal them out evenly', async () => {
    for (const standard of await loadStandards()) {
      const ids = new Set([...experimentsOf([standard]).values()].flat());
      const all = [...ids].map((id) => ({ id, weight: timeLimitOf(id) ?? 0 }));
      expect(all.filter(({ weight }) => weight === 0)).toEqual([]);
      for (const shards of [2, 4]) {
        const busy = busyOf(all, planShards(all, shards), shards);
        expect(Math.max(...busy) / Math.min(...busy)).toBeLessThan(1.35);
      }
    }
  });

  test('should run nothing that was not planned', () => {
    const shard = { current: 1, total: 2, plan: { one: 1 }, tests: [], fingerprint };
    expect(['one', 'two', 'constructor', 'toString'].filter((id) => isOurs({ shard }, id))).toEqual(['one']);
    expect(isOurs({}, 'whatever')).toBe(true);
  });
});

test.describe('What shards must have in common', { tag: '@static' }, () => {
  const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string(), {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  });

  test('should change with any file that is changed, added, renamed or taken away', () => {
    let count = 0;
    fc.assert(
      fc.property(files, files, (before, after) => {
        const digests = [before, after].map((content) =>
          digestOf(written(`files-${String((count += 1))}`, content), ['.']),
        );
        expect(digests[0] === digests[1]).toBe(JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
      }),
      { numRuns: 50 },
    );
  });

  test('should tell a target by its declaration and by what that names, and by nothing else', () => {
    const folder = written('target', {
      'target.yaml': 'name: mine\nreleases:\n  - { name: one, chart: { path: ./chart }, values: [values.yaml] }\n',
      'values.yaml': 'replicas: 2\n',
      'notes.txt': 'nobody names me',
      'chart/templates/pod.yaml': 'kind: Pod\n',
    });
    const target = { folder, file: join(folder, 'target.yaml') };
    const first = targetDigest(target);
    written('target', { 'notes.txt': 'changed' });
    expect(targetDigest(target)).toBe(first);
    written('target', { 'chart/templates/pod.yaml': 'kind: Job\n' });
    const second = targetDigest(target);
    expect(second).not.toBe(first);
    written('target', { 'values.yaml': 'replicas: 3\n' });
    expect(targetDigest(target)).not.toBe(second);
  });
});

function busyOf(all: readonly Load[], plan: Readonly<Record<string, number>>, shards: number): number[] {
  return Array.from({ length: shards }, (_, index) =>
    all.filter(({ id }) => plan[id] === index + 1).reduce((sum, { weight }) => sum + weight, 0),
  );
}

function written(name: string, content: Readonly<Record<string, string>>): string {
  const folder = test.info().outputPath(name);
  for (const [file, text] of Object.entries(content)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

function sorted(content: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
