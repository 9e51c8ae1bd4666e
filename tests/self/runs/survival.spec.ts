import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { labels } from '../../../helpers/kubernetes/labels.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { sweep } from '../../../helpers/kubernetes/sweep.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import { startRun } from './whole-run.ts';

const gate = 'Gate: Helm deployment';
/** Printed by every run: its id. */
const runId = /Run (\d{8}-\d{6}-\w+) in/;

async function namespacesOf(kube: Kube, run: string): Promise<string[]> {
  const { items } = await kube.list(kinds.namespace, { labelSelector: `${labels.run}=${run}` });
  return items.map(({ metadata }) => metadata?.name ?? '');
}

// Each of them deploys the whole target: together they would measure each other's patience.
test.describe.configure({ mode: 'serial' });

test.describe('A run', { tag: '@full' }, () => {
  test('should leave nothing but a readable partial report after Ctrl-C', async ({ cluster }) => {
    const run = startRun(gate);
    const [, id = ''] = await run.prints(runId);
    await run.prints(/helm install gateway/);
    const kube = Kube.connect(cluster);
    expect(await namespacesOf(kube, id)).toHaveLength(1);

    run.process.kill('SIGINT');

    expect(await run.ended).not.toBe(0);
    expect(run.output().trimEnd().split('\n').at(-1)).toMatch(/^0 passed, [1-9]\d* failed$/);
    expect(run.output()).toMatch(/ended early/i);
    expect(await namespacesOf(kube, id)).toEqual([]);
    const scorecard = readFileSync(join(runsFolder, id, 'scorecard.md'), 'utf8');
    expect(scorecard).toMatch(/ended early/i);
    expect(scorecard).not.toMatch(/\| pass \|/);
  });

  test('should be cleaned up by the next one after kill -9', async ({ cluster, progress }) => {
    const run = startRun(gate);
    const [, id = ''] = await run.prints(runId);
    await run.prints(/helm install gateway/);
    run.process.kill('SIGKILL');
    await run.ended;
    const kube = Kube.connect(cluster);
    const [left = ''] = await namespacesOf(kube, id);
    expect(left).toMatch(/^seatrial-/);

    const { removed, failed } = await sweep(kube, progress);

    expect(failed).toEqual([]);
    expect(removed).toContain(`Namespace/${left}`);
    expect(await namespacesOf(kube, id)).toEqual([]);
    expect(existsSync(join(runsFolder, id, 'verdict.json'))).toBe(false);
  });

  test('should not disturb another one on the same cluster', async ({ cluster }) => {
    const runs = [startRun(gate), startRun(gate)];
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0]);
    for (const run of runs) {
      expect(run.output().trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
      const [, id = ''] = await run.prints(runId);
      expect(await namespacesOf(Kube.connect(cluster), id)).toEqual([]);
    }
  });
});
