import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import type { AllureResult } from '../../../reports/allure/results.ts';
import { openBrowser } from './browser.ts';
import { project } from './project.ts';

const spec = (verdict: string, more = '') => ({
  'gate.spec.ts': `test('Gate: Tiny', async () => { judge('gate-tiny', '${verdict}'); ${more} });`,
});

/** What ends how: the suite by its own exit code, and Allure by the quality gate of the real command line. */
const runs = [
  { what: 'every check passes', specs: spec('pass'), ends: 0 },
  { what: 'nothing applies', specs: spec('not-applicable'), ends: 0 },
  { what: 'a check fails', specs: spec('fail'), ends: 1 },
  { what: 'a check is inconclusive', specs: spec('inconclusive'), ends: 1 },
  { what: 'the row passes and its test breaks', specs: spec('pass', `throw new Error('left behind');`), ends: 1 },
  {
    what: 'a test breaks before it can judge',
    specs: {
      'gate.spec.ts': `test('Gate: Tiny', () => { throw new Error('no cluster'); judge('gate-tiny', 'pass'); });`,
    },
    ends: 1,
  },
  {
    what: 'a test was skipped',
    specs: { ...spec('pass'), 'other.spec.ts': `test.skip('is skipped', () => {});` },
    ends: 1,
  },
  {
    what: 'something outside of the tests breaks',
    specs: { ...spec('pass'), 'zz.spec.ts': `throw new Error('cannot be loaded');` },
    ends: 1,
  },
];

/** Each of these starts the runner and Allure anew. */
test.describe('Allure', { tag: '@static' }, () => {
  test.describe.configure({ timeout: 180_000 });

  for (const { what, specs, ends } of runs) {
    test(`should end its quality gate as the run ended when ${what}`, async () => {
      const run = await project(specs);
      expect(run.exitCode).toBe(ends);
      const gate = await qualityGate(run.folder);
      expect(gate.exitCode, gate.all).toBe(ends);
    });
  }

  test('should have one set of rules for each gate, and name the one that is not met', async () => {
    const gate = await qualityGate((await project(spec('inconclusive'))).folder);
    expect(gate.all).toContain('gate Tiny/maxFailures');
    expect(gate.all).toContain('everything that was asked for/maxFailures');
  });

  test('should end red when the run was interrupted, or when its results are gone', async () => {
    const waits = `test('Gate: Tiny', () => { judge('gate-tiny', 'pass'); }); test('waits', async () => { console.log('waiting'); await new Promise(() => {}); });`;
    const run = await project({ 'gate.spec.ts': waits }, { interruptAt: 'waiting' });
    expect(run.exitCode).toBe(130);
    expect((await qualityGate(run.folder)).exitCode).toBe(1);
    const passed = await project(spec('pass'), { root: 'passed' });
    for (const name of resultFiles(passed.folder)) rmSync(join(passed.folder, 'allure-results', name));
    const gate = await qualityGate(passed.folder);
    expect(gate.exitCode).toBe(1);
    expect(gate.all).toContain('gate Tiny/minTestsCount');
  });

  test('should file each check under its standard, row and group, with a link to the raw history', async () => {
    const { folder } = await project(spec('inconclusive'));
    const [result, ...others] = results(folder);
    expect(others).toEqual([]);
    expect(result).toMatchObject({ name: 'It holds', status: 'broken', fullName: 'tiny/t/gate-tiny/holds' });
    expect(result?.labels).toEqual(
      expect.arrayContaining([
        { name: 'epic', value: 'A tiny standard' },
        { name: 'feature', value: 'Gate: Tiny' },
        { name: 'story', value: 'e' },
        { name: 'severity', value: 'blocker' },
        { name: 'verdict', value: 'inconclusive' },
      ]),
    );
    const [link] = result?.links ?? [];
    expect(existsSync(join(folder, 'allure', link?.url ?? 'nowhere'))).toBe(true);
    expect(readFileSync(join(folder, 'allure-results/environment.properties'), 'utf8')).toMatch(/^Target=t$/m);
  });

  test('should show in a browser what is red and why, and which trouble is of what kind', async () => {
    const { folder } = await project({
      ...spec('fail'),
      'broken.spec.ts': `test('breaks', () => { throw new Error('no cluster'); });`,
    });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(join(folder, 'allure/index.html')).href);
      await expect(page.getByText('A tiny standard').first()).toBeVisible();
      await page.getByText('It holds').first().click();
      await expect(page.getByText('fail: fail').first()).toBeVisible();
      await expect(page.getByText('experiments/t/e/history.jsonl').first()).toBeVisible();
      await page.goto(`${pathToFileURL(join(folder, 'allure/index.html')).href}#categories`);
      await expect(page.getByText('Product defects').first()).toBeVisible();
      await expect(page.getByText('Harness trouble: it never came to a verdict').first()).toBeVisible();
      expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('should open with a log of 100 MB, and say where it is', async () => {
    const log = `
      const path = test.info().outputPath('huge.log');
      (await import('node:fs')).writeFileSync(path, 'x'.repeat(100_000_000));
      await test.info().attach('huge log', { path, contentType: 'text/plain' });`;
    const { folder, exitCode } = await project(spec('pass', log));
    expect(exitCode).toBe(0);
    expect(statSync(join(folder, 'allure/index.html')).size).toBeLessThan(10_000_000);
    const [result] = results(folder);
    const [note] = result?.attachments ?? [];
    expect(note).toMatchObject({ name: 'huge log', type: 'text/plain' });
    expect(readFileSync(join(folder, 'allure-results', note?.source ?? ''), 'utf8')).toContain('100.0 MB');
    const kept = readdirSync(join(folder, 'html/data')).map((name) => statSync(join(folder, 'html/data', name)).size);
    expect(kept).toContain(100_000_000);
    expect(statSync(join(folder, 'index.html')).size).toBeLessThan(2_000_000);
  });

  test('should be made of 10,000 checks, as every other view', async () => {
    const { folder, exitCode, stdout } = await project(spec('pass'), { checks: 10_000 });
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/^No /m);
    expect(resultFiles(folder)).toHaveLength(10_000);
    for (const view of ['allure/index.html', 'index.html', 'pull-request.md', 'ctrf.json', 'evidence-package.tar.gz'])
      expect(existsSync(join(folder, view))).toBe(true);
    expect((await qualityGate(folder)).exitCode).toBe(0);
  });

  test('should know what a check came to in the runs before', async () => {
    const { folder, root } = await project(spec('pass'));
    const history = join(root, 'reports/allure-history.jsonl');
    const points = () => readFileSync(history, 'utf8').trim().split('\n');
    expect(points()).toHaveLength(1);
    const point = JSON.parse(points()[0] ?? '') as {
      testResults: Record<string, { status: string; fullName: string }>;
    };
    expect(Object.values(point.testResults)).toEqual([
      expect.objectContaining({ status: 'passed', fullName: 'tiny/t/gate-tiny/holds' }),
    ]);
    // A look at it is no run.
    await qualityGate(folder);
    expect(points()).toHaveLength(1);
  });
});

function qualityGate(folder: string) {
  return execa('allure', ['quality-gate', 'allure-results', '--config', 'allurerc.mjs'], {
    cwd: folder,
    preferLocal: true,
    localDir: import.meta.dirname,
    env: { NODE_OPTIONS: '', NO_COLOR: '1' },
    all: true,
    reject: false,
  });
}

function resultFiles(folder: string): string[] {
  return readdirSync(join(folder, 'allure-results')).filter((name) => name.endsWith('-result.json'));
}

function results(folder: string): AllureResult[] {
  return resultFiles(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, 'allure-results', name), 'utf8')) as AllureResult,
  );
}
