import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { waitUntil } from '../../../../helpers/wait.ts';
import { root } from '../repo/repository.ts';

const LIMIT_MS = 60_000;

/** The process of the Job: it lists tests of which there are none, which ends with 1 and makes no run. */
function startJob(results: string, holdSeconds: number) {
  const { SEATRIAL_RUN_ID: _id, SEATRIAL_RUN_OWNER: _owner, NODE_OPTIONS: _options, ...env } = process.env;
  return execa(process.execPath, [join(root, 'bin/trial-job.js'), '--list', '--grep', 'no test is called so'], {
    env: { ...env, SEATRIAL_RUNS: join(results, 'runs'), HOLD_SECONDS: String(holdSeconds) },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
}

test.describe('The Job of the chart', { tag: '@static' }, () => {
  test.describe.configure({ timeout: 2 * LIMIT_MS });

  test('should say when the results are there, hold them until they are fetched, and end as the trial did', async () => {
    const results = test.info().outputPath('results');
    mkdirSync(results, { recursive: true });
    // Of another trial on the same volume.
    for (const mark of ['.ended', '.fetched']) writeFileSync(join(results, mark), '');
    const job = startJob(results, 600);
    await waitUntil('it has begun', () => !existsSync(join(results, '.ended')), { timeoutMs: LIMIT_MS });
    await waitUntil('it has ended', () => existsSync(join(results, '.ended')), { timeoutMs: LIMIT_MS });
    expect(existsSync(join(results, '.fetched'))).toBe(false);
    writeFileSync(join(results, '.fetched'), '');
    const { exitCode, stdout } = await job;
    expect(stdout).toContain(`The results are in ${results}; they are held for 600 s`);
    expect(exitCode).toBe(1);
  });

  test('should end at once where nothing is held', async () => {
    const results = test.info().outputPath('results');
    expect((await startJob(results, 0)).exitCode).toBe(1);
    expect(existsSync(join(results, '.ended'))).toBe(true);
  });
});
