import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { historyFile, judgedRun, seatrial } from '../verdict/stored-run.ts';

test.describe('seatrial diff', { tag: '@static' }, () => {
  test('should tell what got worse, with what was seen and where, and end with 1', async () => {
    const [good, bad] = await twoRuns();
    const { stdout, exitCode } = await seatrial('diff', good, bad);
    expect(stdout).toContain('Helm deployment: pass → fail');
    expect(stdout).toMatch(/now {4}fail: .*first-tool-call#\d+/);
    expect(exitCode).toBe(1);
  });

  test('should end with 0 when things got better, and when nothing changed', async () => {
    const [good, bad] = await twoRuns();
    expect(await seatrial('diff', bad, good)).toMatchObject({ exitCode: 0 });
    const { stdout, exitCode } = await seatrial('diff', good, good);
    expect(stdout).toContain('Nothing changed.');
    expect(exitCode).toBe(0);
  });

  test('should give the same as data', async () => {
    const { stdout } = await seatrial('diff', ...(await twoRuns()), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      worse: true,
      standards: [{ standard: 'category-8', target: 'contextforge' }, { standard: 'protocol-20' }],
    });
  });

  test('should refuse a verdict that was cut off', async () => {
    const [good, bad] = await twoRuns();
    truncateSync(join(bad, 'verdict.json'), 1000);
    const { stderr, exitCode } = await seatrial('diff', good, bad);
    expect(stderr).toContain('The verdict cannot be read');
    expect(exitCode).not.toBe(0);
  });
});

/** A flawless run, and one whose first installation failed. */
async function twoRuns(): Promise<[good: string, bad: string]> {
  const good = await judgedRun(test.info().outputPath('good'));
  const bad = await judgedRun(test.info().outputPath('bad'));
  const file = historyFile(bad, 'first-tool-call');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"ok":true', '"ok":false'));
  writeVerdict(bad, await loadStandards());
  return [good, bad];
}
