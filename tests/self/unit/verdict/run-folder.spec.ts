import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readRunFolder, verdictFiles, judgeRun, writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import standard from '../../../category-8/standard.ts';
import { flawless } from './histories.ts';
import { historyFile, storeHistories, storeRun } from './stored-run.ts';

const names = ['verdict.json', 'scorecard-category-8.md', 'scorecard.md'];

test.describe('run folder', { tag: '@static' }, () => {
  test('should give the same bytes again from the stored histories', () => {
    const folder = storeRun(test.info().outputPath('run'));
    writeVerdict(folder, [standard]);
    const first = read(folder);
    writeVerdict(folder, [standard]);
    expect(read(folder)).toEqual(first);
  });

  test('should give the same bytes wherever a history was cut off', () => {
    const folder = storeRun(test.info().outputPath('run'));
    const file = historyFile(folder, 'first-tool-call');
    const whole = readFileSync(file, 'utf8');
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
        writeFileSync(file, whole.slice(0, length));
        const verdict = judgeRun(readRunFolder(folder), [standard]);
        expect(verdictFiles(judgeRun(readRunFolder(folder), [standard]), [standard])).toEqual(
          verdictFiles(verdict, [standard]),
        );
        expect(verdict.standards[0]?.items.find(({ id }) => id === 'gate-helm-deployment')?.status).not.toBe('pass');
      }),
      { numRuns: 40 },
    );
  });

  test('should be inconclusive about a history that is damaged in the middle', () => {
    const folder = storeRun(test.info().outputPath('run'));
    const file = historyFile(folder, 'first-tool-call');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"type":\n{"type":"end"}\n`);
    const gate = writeVerdict(folder, [standard]).standards[0]?.items.find(({ id }) => id === 'gate-helm-deployment');
    expect(gate).toMatchObject({ status: 'inconclusive', note: expect.stringContaining('cannot be read') });
  });

  test('should take a run for cut off unless its run.json says otherwise', () => {
    const folder = storeRun(test.info().outputPath('run'));
    expect(writeVerdict(folder, [standard])).toMatchObject({ run: '20261121-100000-abcd', complete: true });
    writeFileSync(join(folder, 'run.json'), '{"id":');
    expect(writeVerdict(folder, [standard])).toMatchObject({ run: 'run', complete: false });
    expect(readFileSync(join(folder, 'scorecard.md'), 'utf8')).toContain('This run ended early');
  });

  test('should write a blank scorecard for a run that came to no experiment', () => {
    const folder = test.info().outputPath('run');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ id: 'x', complete: false, target: 'contextforge' }));
    expect(writeVerdict(folder, [standard]).standards[0]?.items.map(({ status }) => status)).toEqual(
      Array(15).fill('not-run'),
    );
  });

  test('should honour what the target declared as not applicable, from the histories alone', () => {
    const folder = storeRun(test.info().outputPath('run'));
    for (const experiment of flawless.keys()) {
      const file = historyFile(folder, experiment);
      const waiver = '"notApplicable":{"first-call.stays-served":"The tool may be called once a day only."}';
      writeFileSync(file, readFileSync(file, 'utf8').replace('"notApplicable":{}', waiver));
    }
    const checks = writeVerdict(folder, [standard]).standards[0]?.items.flatMap((item) => item.checks);
    expect(checks?.find(({ id }) => id === 'first-call.stays-served')?.verdict).toBe('not-applicable');
  });

  test('should keep two targets of one run apart', () => {
    const folder = storeRun(test.info().outputPath('run'));
    storeHistories(folder, 'another');
    const targets = writeVerdict(folder, [standard]).standards.map(({ target }) => target);
    expect(targets).toEqual(['contextforge', 'another']);
    expect(readFileSync(join(folder, 'scorecard-category-8-another.md'), 'utf8')).toContain('Target another');
    expect(readFileSync(join(folder, 'scorecard.md'), 'utf8')).toContain('Target contextforge');
  });

  test('should find every standard that has a folder', async () => {
    expect((await loadStandards()).map(({ id }) => id)).toContain('category-8');
  });
});

function read(folder: string): string[] {
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}
