import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { UserError } from '../../../../helpers/errors.ts';
import { isRunId, newRunId } from '../../../../helpers/run/id.ts';
import { once } from '../../../../helpers/run/once.ts';
import { beginRun, currentRun, endRun, hasBegun, updateRun } from '../../../../helpers/run/run.ts';
import { version } from '../../../../helpers/run/version.ts';

test.describe('A run', { tag: '@static' }, () => {
  test('should have an id that sorts by time and is a path and a label', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [first, second] = [newRunId(a), newRunId(b)];
        expect(isRunId(first)).toBe(true);
        expect(first.slice(0, 15) <= second.slice(0, 15)).toBe(Math.floor(+a / 1000) <= Math.floor(+b / 1000));
      }),
    );
    expect(['', '../../etc', '20260101-000000-aaaa/..'].some(isRunId)).toBe(false);
  });

  test('should be the same in a worker as in the process that began it', () => {
    const run = currentRun();
    expect(run).toMatchObject({ id: process.env.SEATRIAL_RUN_ID, owner: process.ppid });
    expect(hasBegun(run)).toBe(true);
  });

  test('should be complete only once it has ended by itself', ({}, testInfo) => {
    const run = { id: newRunId(), folder: testInfo.outputPath('run'), owner: process.pid };
    expect(beginRun(run, { command: 'test', target: 'sample' })).toMatchObject({
      complete: false,
      seatrialVersion: version,
    });
    updateRun(run, { provider: 'kind', kubernetesVersion: 'v1.36.0' });
    endRun(run, { complete: true });
    const record: unknown = JSON.parse(readFileSync(join(run.folder, 'run.json'), 'utf8'));
    expect(record).toMatchObject({
      id: run.id,
      complete: true,
      provider: 'kind',
      target: 'sample',
      endedAt: expect.any(String),
    });
  });
});

test.describe('Work that is done once', { tag: '@static' }, () => {
  test('should give everyone the same result', async ({}, testInfo) => {
    const file = join(testInfo.outputPath(), 'a', 'result.json');
    let times = 0;
    const ask = () => once(file, () => Promise.resolve({ times: ++times }));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([{ times: 1 }, { times: 1 }, { times: 1 }]);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test('should give everyone the same failure, with its place and fix', async ({}, testInfo) => {
    mkdirSync(testInfo.outputPath(), { recursive: true });
    const file = testInfo.outputPath('failure.json');
    let times = 0;
    const ask = () =>
      once(file, () => {
        times++;
        return Promise.reject(new UserError({ what: 'no cluster', where: 'here', fix: 'get one' }));
      });
    await expect(ask()).rejects.toThrow(UserError);
    await expect(ask()).rejects.toThrow(/no cluster[\s\S]*where: here[\s\S]*fix: +get one/);
    expect(times).toBe(1);
  });
});
