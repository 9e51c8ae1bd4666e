import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { judgedRun, seatrial, storeHistories, storeRun } from './stored-run.ts';

test.describe('seatrial scorecard', { tag: '@static' }, () => {
  test('should print the stored scorecard, and nothing else on standard output', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const { stdout, stderr, exitCode } = await seatrial('scorecard', folder);
    expect(`${stdout}\n`).toBe(readFileSync(join(folder, 'scorecard.md'), 'utf8'));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('should print it as HTML and as CSV', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const html = await seatrial('scorecard', folder, '--format', 'html');
    expect(html.stdout).toContain('<table style=');
    expect(html.stdout).toContain('Helm chart available and documented');
    const csv = await seatrial('scorecard', folder, '--format', 'csv', '--target', 'contextforge');
    expect(csv.stdout.split('\r\n')).toHaveLength(1 + 15);
  });

  test('should print that of a further target', async () => {
    const folder = test.info().outputPath('run');
    storeRun(folder);
    storeHistories(folder, 'another');
    writeVerdict(folder, await loadStandards());
    expect((await seatrial('scorecard', folder, '--standard', 'category-8', '--target', 'another')).stdout).toContain(
      'Target another',
    );
    expect(
      (await seatrial('scorecard', folder, '--standard', 'category-8', '--target', 'contextforge')).stdout,
    ).toContain('Target contextforge');
    expect((await seatrial('scorecard', folder, '--target', 'nobody')).stderr).toContain(
      'no scorecard of category-8 for nobody',
    );
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
