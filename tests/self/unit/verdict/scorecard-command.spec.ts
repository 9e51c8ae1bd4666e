import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { execaNode } from 'execa';
import { writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import standard from '../../../category-8/standard.ts';
import { storeRun } from './stored-run.ts';

const command = pathToFileURL(join(import.meta.dirname, '../../../../helpers/cli/scorecard.ts')).href;

test.describe('seatrial scorecard', { tag: '@static' }, () => {
  test('should print the stored scorecard, and nothing else on standard output', async () => {
    const folder = judgedRun();
    const { stdout, stderr, exitCode } = await scorecard(folder);
    expect(`${stdout}\n`).toBe(readFileSync(join(folder, 'scorecard.md'), 'utf8'));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('should rebuild the same bytes, and say so', async () => {
    const { stderr, exitCode } = await scorecard(judgedRun(), '--rebuild');
    expect(stderr).toContain('identical byte for byte: verdict.json, scorecard-category-8.md, scorecard.md');
    expect(exitCode).toBe(0);
  });

  test('should name what was changed since, put it right, and end with 1', async () => {
    const folder = judgedRun();
    appendFileSync(join(folder, 'scorecard.md'), 'and a word of praise\n');
    const { stderr, exitCode } = await scorecard(folder, '--rebuild');
    expect(stderr).toContain('New or different: scorecard.md');
    expect(exitCode).toBe(1);
    expect((await scorecard(folder, '--rebuild')).exitCode).toBe(0);
  });

  test('should tell how to get what is not there', async () => {
    expect((await scorecard('20200101-000000-zzzz')).stderr).toContain('There is no run 20200101-000000-zzzz');
    expect((await scorecard(judgedRun(), '--standard', 'category-9')).stderr).toContain('no scorecard of category-9');
    const unjudged = judgedRun();
    rmSync(join(unjudged, 'scorecard-category-8.md'));
    expect((await scorecard(unjudged)).stderr).toContain('rebuild it with --rebuild');
  });
});

function judgedRun(): string {
  const folder = storeRun(test.info().outputPath('run'));
  writeVerdict(folder, [standard]);
  return folder;
}

function scorecard(...args: string[]) {
  const script = `const { scorecardCommand } = await import('${command}'); await scorecardCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;
  return execaNode({
    reject: false,
    nodeOptions: ['--input-type=module', '--eval', script, '--'],
    env: { NODE_OPTIONS: '' },
  })`${args}`;
}
