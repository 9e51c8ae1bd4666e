import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { shardRecord } from '../../../helpers/run/shards/record.ts';
import { troublesOf } from '../../../reports/shards/troubles.ts';
import { project } from './project.ts';

const gates = { 'gate-a': ['one'], 'gate-b': ['two'], 'gate-c': ['one', 'two'] };
const specs = Object.fromEntries(
  Object.keys(gates).map((id) => [`${id}.spec.ts`, `test('Gate ${id}', () => { judge('${id}', 'pass'); });`]),
);
const env = { SEATRIAL_TARGET: join(import.meta.dirname, '../../../fixtures/targets/contextforge') };
const other = `import { test } from '@playwright/test'; test('is no row', () => {}); test('is none either', () => {});`;

/** Each of these starts the runner anew, on a little project of its own with a standard of its own. */
test.describe('playwright test --shard', { tag: '@static' }, () => {
  test.describe.configure({ timeout: 120_000 });

  test('should run each row where its experiments are, and leave histories and no verdict', async () => {
    const shards = await Promise.all(
      [1, 2].map((current) =>
        project(specs, { env, gates, args: [`--shard=${String(current)}/2`], root: `shard-${String(current)}` }),
      ),
    );
    const told = shards.map(({ stdout }) => Object.keys(gates).filter((id) => stdout.includes(`Gate ${id} (`)));
    expect(told).toEqual([
      ['gate-a', 'gate-c'],
      ['gate-b', 'gate-c'],
    ]);
    const records = shards.map(({ folder }) => {
      const { shard } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { shard: unknown };
      return shardRecord.parse(shard);
    });
    const [first, second] = records;
    expect(first).toEqual({ ...second, current: 1 });
    expect(first).toMatchObject({ total: 2, plan: { one: 1, two: 2 } });
    expect(first?.tests).toEqual(Object.keys(gates).map((id) => `tiny/${id}.spec.ts › Gate ${id}`));
    for (const { folder, stdout, exitCode } of shards) {
      expect(exitCode).toBe(0);
      expect(stdout).toContain('npx seatrial merge');
      expect(stdout.split('\n').at(-1)).toBe('2 passed, 0 failed');
      for (const view of ['verdict.json', 'scorecard.md', 'index.html', 'allure'])
        expect(existsSync(join(folder, view))).toBe(false);
    }
    expect(shards[0]?.stdout).toContain('Shard 1 of 2: 1 of 2 experiments (one)');
  });

  test('should leave tests that judge no row to Playwright', async () => {
    const run = await project({}, { env, gates, other, args: ['--list', '--fully-parallel', '--shard=1/2'] });
    expect(run.stdout).toContain('is no row');
    expect(run.stdout).not.toContain('is none either');
  });

  test('should refuse to deal out rows and other tests together', async () => {
    const run = await project(specs, { env, gates, other, args: ['--list', '--shard=1/2'] });
    expect(run.stderr).toContain('"is no row" does not say in so many words which row it judges');
    expect(run.exitCode).toBe(1);
  });

  test('should tell a merged run what went wrong besides checks', () => {
    const result = (...messages: string[]) => ({ errors: messages.map((message) => ({ message })) });
    const of = (title: string, outcome: string, ...messages: string[]) =>
      ({ title, outcome: () => outcome, results: [result(...messages)] }) as unknown as Parameters<
        typeof troublesOf
      >[0][number];
    const missed = 'It holds — expected pass, seen fail\n\nExpected: "pass"';
    expect(
      troublesOf([
        of('a', 'expected'),
        of('b', 'unexpected', missed),
        of('c', 'unexpected', missed, 'Test timeout of 1 ms exceeded.\n  at x'),
        of('d', 'skipped'),
      ]),
    ).toEqual(['c: Test timeout of 1 ms exceeded.']);
  });
});
