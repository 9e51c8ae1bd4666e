import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execaNode } from 'execa';
import { experimentById } from '../../../../helpers/experiments/experiments.ts';
import { experimentFolder, runExperiment } from '../../../../helpers/experiments/runner.ts';
import { trial } from '../../../../helpers/experiments/steps.ts';
import type { Experiment, ExperimentContext } from '../../../../helpers/experiments/types.ts';
import { counted, runnerOptions } from './ask.ts';

function experiment(run: (context: ExperimentContext) => Promise<void>, more: Partial<Experiment> = {}): Experiment {
  return { id: 'sample', title: 'sample', needs: [], timeLimitMs: 60_000, clusterless: true, run, ...more };
}

test.describe('An experiment', { tag: '@static' }, () => {
  test('should run once for all processes that ask for it, and for those that ask later', async ({}, testInfo) => {
    const folder = testInfo.outputPath();
    const script = join(import.meta.dirname, 'ask.ts');
    const asking = [1, 2, 3].map(() => execaNode(script, [folder], { nodeOptions: [], env: { NODE_OPTIONS: '' } }));
    const answers = (await Promise.all(asking)).map(({ stdout }) => stdout);
    const later = await runExperiment(counted, runnerOptions(folder));
    expect(new Set([...answers, String(later.fact('pid'))]).size).toBe(1);
    const attempts = readFileSync(
      join(experimentFolder({ id: 'r', folder, owner: 0 }, { name: 'sample' }, 'counted'), 'attempts'),
      'utf8',
    );
    expect(attempts).toBe(`${answers[0] ?? ''}\n`);
    expect(later.end?.status).toBe('completed');
  });

  test('should end completed though the target fails', async ({}, testInfo) => {
    const failing = experiment(async (context) => {
      await trial(context, 'install', 'install it', () => Promise.reject(new Error('it does not install')));
    });
    const history = await runExperiment(failing, runnerOptions(testInfo.outputPath()));
    expect(history.step('install')).toMatchObject({ ok: false, error: 'it does not install' });
    expect(history.end).toMatchObject({ status: 'completed' });
  });

  test('should end aborted when the suite itself is in trouble', async ({}, testInfo) => {
    const broken = experiment(() => Promise.reject(new Error('the disk is full')));
    const history = await runExperiment(broken, runnerOptions(testInfo.outputPath()));
    expect(history.end).toMatchObject({ status: 'aborted', error: 'the disk is full' });
  });

  test('should end aborted at its time limit, whether it heeds the signal or not', async ({}, testInfo) => {
    const endless = experiment(() => new Promise(() => undefined), { timeLimitMs: 200 });
    const history = await runExperiment(endless, runnerOptions(testInfo.outputPath()));
    expect(history.end).toMatchObject({ status: 'aborted', error: 'its time limit of 0.2 s was reached' });
  });

  test('should end aborted when the test ends, and a step that was under way is no failure of the target', async ({}, testInfo) => {
    const over = new AbortController();
    const waiting = experiment(async (context) => {
      over.abort(new Error('interrupted'));
      await trial(context, 'wait', 'wait', () => once(context.signal, 'never', { signal: context.signal }));
    });
    const history = await runExperiment(waiting, runnerOptions(testInfo.outputPath(), over.signal));
    expect(history.end).toMatchObject({ status: 'aborted', error: 'interrupted' });
  });

  test('should not be tried again after the process that ran it was killed', async ({}, testInfo) => {
    const options = runnerOptions(testInfo.outputPath());
    let runs = 0;
    const cut = experiment(() => {
      runs++;
      return Promise.resolve();
    });
    await runExperiment(cut, options);
    const file = join(experimentFolder(options.run, options.target, 'sample'), 'history.jsonl');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n{"type":"fact","at":`);
    const history = await runExperiment(cut, options);
    expect(history.end).toMatchObject({ status: 'aborted', error: 'the process that ran it was killed' });
    expect(runs).toBe(1);
  });

  test('should not touch a cluster that it said it does not need', async ({}, testInfo) => {
    const wrong = experiment(({ cluster }) => Promise.reject(new Error(cluster.context)));
    const history = await runExperiment(wrong, runnerOptions(testInfo.outputPath()));
    expect(history.end?.error).toContain('said that it needs no cluster');
  });

  test('should say what the cluster lacks before it begins', async ({}, testInfo) => {
    const demanding = experiment(() => Promise.resolve(), { clusterless: false, needs: ['flux'] });
    const cluster = {
      provider: 'kind',
      reason: '',
      kubeconfig: '',
      context: '',
      kubernetesVersion: 'v1.36.0',
      helm: 'helm',
      parts: [],
    } as const;
    const options = {
      ...runnerOptions(testInfo.outputPath()),
      cluster: () => Promise.resolve({ ...cluster, parts: [] }),
    };
    const history = await runExperiment(demanding, options);
    expect(history.end?.error).toContain('needs what the cluster does not have: flux');
  });

  test('should ask for what it wants, and do without what there is not', async ({}, testInfo) => {
    const asked: (readonly string[])[] = [];
    const cluster = {
      provider: 'kind',
      reason: '',
      kubeconfig: '',
      context: '',
      kubernetesVersion: '',
      helm: '',
    } as const;
    const wanting = experiment(() => Promise.resolve(), {
      clusterless: false,
      needs: ['flux'],
      wants: ['load-balancer'],
    });
    const history = await runExperiment(wanting, {
      ...runnerOptions(testInfo.outputPath()),
      cluster: () => Promise.resolve({ ...cluster, parts: ['flux'] }),
      ensureParts: (access, parts) => {
        asked.push(parts);
        return Promise.resolve(access);
      },
    });
    expect(asked).toEqual([['flux', 'load-balancer']]);
    // Plain data has no kubeconfig to connect with; what is missing comes before.
    expect(history.end?.error ?? '').not.toContain('does not have');
  });

  test('should be known by its id, with a suggestion for a wrong one', () => {
    expect(experimentById('chart.static').clusterless).toBe(true);
    expect(() => experimentById('chart.statics')).toThrow(/did you mean "chart\.static"/);
  });
});
