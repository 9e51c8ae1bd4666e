import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { judgedRun, seatrial } from './stored-run.ts';

test.describe('seatrial scorecard', { tag: '@static' }, () => {
  test('should print the stored scorecard, and nothing else on standard output', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const { stdout, stderr, exitCode } = await seatrial('scorecard', folder);
    expect(`${stdout}\n`).toBe(readFileSync(join(folder, 'scorecard.md'), 'utf8'));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('should tell how to get what is not there', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    expect((await seatrial('scorecard', '20200101-000000-zzzz')).stderr).toContain(
      'There is no run 20200101-000000-zzzz',
    );
    expect((await seatrial('scorecard', folder, '--standard', 'category-9')).stderr).toContain(
      'no scorecard of category-9',
    );
    rmSync(join(folder, 'scorecard-category-8.md'));
    expect((await seatrial('scorecard', folder, '--standard', 'category-8')).stderr).toContain('npx seatrial report');
  });
});
