import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import type { Experiment } from '../../../../helpers/experiments/types.ts';
import { TRAFFIC_FILE } from '../../../../helpers/history/history.ts';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';
import { steadyTraffic, stolenFrom } from '../verdict/traffic-history.ts';
import { runnerOptions as common } from './ask.ts';

const STOLEN = 0.4;

const runnerOptions = (folder: string) => ({ ...common(folder), calm: () => Promise.resolve() });

/** A change that is watched, whose observer is blind in the first attempts: starved by the host, or by the suite itself. */
function watched({ blindAttempts, stolen }: { blindAttempts: number; stolen: number }) {
  let attempts = 0;
  const experiment: Experiment = {
    id: 'watched',
    title: 'watched',
    needs: [],
    timeLimitMs: 60_000,
    clusterless: true,
    async run({ history, folder }) {
      attempts++;
      const isBlind = attempts <= blindAttempts;
      await history.step('traffic.baseline', 'look', () => Promise.resolve());
      await history.step('change', 'change', () => Promise.resolve());
      const change = { start: Date.now(), end: Date.now() + 100 };
      const traffic = steadyTraffic(change).map((record) =>
        isBlind && record.type === 'call'
          ? { ...record, due: record.due - thresholds.observerPause.value - 1 }
          : record,
      );
      const lines = (isBlind ? stolenFrom(traffic, stolen) : traffic).map((record) => JSON.stringify(record));
      writeFileSync(join(folder, TRAFFIC_FILE), `${lines.join('\n')}\n`);
    },
  };
  return { experiment, attempts: () => attempts };
}

test.describe('An experiment on a machine that is disturbed', { tag: '@static' }, () => {
  test('should be made again when the host kept the observer from seeing, and say so', async ({}, testInfo) => {
    const { experiment, attempts } = watched({ blindAttempts: 1, stolen: STOLEN });
    const said: string[] = [];
    const options = { ...runnerOptions(testInfo.outputPath()), progress: (message: string) => said.push(message) };
    const history = await runExperiment(experiment, options);
    expect(attempts()).toBe(2);
    expect(history.fact('disturbed')).toEqual([
      { folder: 'disturbed-1', why: expect.stringMatching(/blind while up to 40 % of the machine's CPU time/) },
    ]);
    expect(said.join('\n')).toMatch(/attempt 2 of 3/);
    const folder = join(testInfo.outputPath(), 'experiments/sample/watched');
    expect(readdirSync(join(folder, 'disturbed-1')).toSorted()).toEqual(['history.jsonl', TRAFFIC_FILE]);
    expect(existsSync(join(folder, TRAFFIC_FILE))).toBe(true);
  });

  test('should not be made again without end', async ({}, testInfo) => {
    const { experiment, attempts } = watched({ blindAttempts: 9, stolen: STOLEN });
    await runExperiment(experiment, runnerOptions(testInfo.outputPath()));
    expect(attempts()).toBe(3);
  });

  test('should not be made again when the host is not to blame, or when the observer saw', async ({}, testInfo) => {
    for (const of of [
      { blindAttempts: 9, stolen: 0 },
      { blindAttempts: 0, stolen: STOLEN },
    ]) {
      const { experiment, attempts } = watched(of);
      await runExperiment(experiment, runnerOptions(testInfo.outputPath(String(of.blindAttempts))));
      expect(attempts()).toBe(1);
    }
  });
});
