import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { execaNode } from 'execa';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';

const repository = join(import.meta.dirname, '../../..');
const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');

/** Each of these starts the runner anew, on a little project of its own with a standard of its own. */
test.describe('reporter', { tag: '@static' }, () => {
  test.describe.configure({ timeout: 120_000 });

  test('should end with what passed on a line of its own, and exit with 0', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', async () => { gate('pass'); });` });
    expect(lastLine(run)).toBe('1 passed, 0 failed');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('PASS          Tiny');
    expect(run.verdict()).toMatchObject({ complete: true, standards: [{ items: [{ status: 'pass' }] }] });
    expect(readFileSync(join(run.folder, 'scorecard.md'), 'utf8')).toBe('tiny: pass\n');
  });

  test('should keep reports/latest, and name every report that was made', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', async () => { gate('pass'); });` });
    expect(readlinkSync(join(run.folder, '../../latest'))).toBe('runs/20261121-100000-abcd');
    const forPeople = ['index.html', 'scorecard.md', 'html/index.html', 'allure/index.html'];
    const forMachines = ['junit.xml', 'verdict.json', 'ctrf.json', 'metrics.txt', 'summary.json'];
    for (const view of [...forPeople, ...forMachines, 'evidence-package.tar.gz']) {
      expect(run.stdout).toContain(join('reports/latest', view));
      expect(existsSync(join(run.folder, view))).toBe(true);
    }
  });

  test('should write a decision page that links what the other reporters made', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', async () => { gate('fail'); expect(1).toBe(2); });` });
    const page = readFileSync(join(run.folder, 'index.html'), 'utf8');
    expect(page).toContain('<title>Do not accept: t · Seatrial 20261121-100000-abcd</title>');
    for (const view of ['scorecard.md', 'html/index.html', 'allure/index.html', 'junit.xml', 'verdict.json'])
      expect(page).toContain(`<a href="${view}">`);
  });

  test('should make an Allure report that loads nothing from the network', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', async () => { gate('pass'); });` });
    expect(readFileSync(join(run.folder, 'allure/index.html'), 'utf8')).not.toMatch(
      /<(script|link|img)[^>]+(src|href)="(https?:)?\/\//,
    );
  });

  test('should count what failed, was skipped or was flaky as failed', async () => {
    const run = await project({
      'gate.spec.ts': `
        test('holds', () => {});
        test('fails', () => { gate('fail'); expect(1).toBe(2); });
        test('is skipped', () => { test.skip(); });
        test('is flaky', ({}, { retry }) => { expect(retry).toBe(1); });`,
    });
    expect(lastLine(run)).toBe('1 passed, 3 failed');
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('FAIL          Tiny: failed: It holds (expected pass; seen fail)');
  });

  test('should not exit with 0 when all that there was is skipped', async () => {
    const run = await project({ 'gate.spec.ts': `test.skip('is skipped', () => {});` });
    expect(lastLine(run)).toBe('0 passed, 1 failed');
    expect(run.exitCode).toBe(1);
  });

  test('should count trouble outside of the tests', async () => {
    const run = await project({ 'gate.spec.ts': `throw new Error('cannot be loaded');` });
    expect(lastLine(run)).toBe('0 passed, 1 failed');
    expect(run.stdout).toContain('cannot be loaded');
    expect(run.exitCode).toBe(1);
  });

  test('should say on top of every view that the run was interrupted', async () => {
    const run = await project(
      {
        'gate.spec.ts': `test('holds', () => { gate('pass'); }); test('waits', async () => { console.log('waiting'); await new Promise(() => {}); }); test('comes too late', () => {});`,
      },
      { interruptAt: 'waiting' },
    );
    expect(lastLine(run)).toBe('1 passed, 2 failed');
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toContain('This run ended early');
    expect(readFileSync(join(run.folder, 'index.html'), 'utf8')).toContain('This run ended early.');
    expect(run.verdict().complete).toBe(false);
  });

  test('should leave reports/latest to the last trial when only other tests ran', async () => {
    const run = await project({}, { other: `import { test } from '@playwright/test'; test('is no trial', () => {});` });
    expect(lastLine(run)).toBe('1 passed, 0 failed');
    expect(existsSync(join(run.folder, '../../latest'))).toBe(false);
    expect(existsSync(join(run.folder, 'scorecard.md'))).toBe(false);
  });

  test('should print plain lines where there is no terminal', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', () => { gate('inconclusive'); });` });
    expect(run.stdout).toContain('INCONCLUSIVE  Tiny');
    expect(run.stdout).not.toContain('\u001b');
  });

  test('should keep out of a mere listing', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', () => {});` }, { args: ['--list'] });
    expect(run.stdout).toContain('holds');
    expect(run.stdout).not.toContain('passed');
    expect(run.exitCode).toBe(0);
  });
});

interface ProjectOptions {
  /** Sends Ctrl-C as soon as this was printed. */
  interruptAt?: string;
  args?: string[];
  /** A spec outside of the standard. */
  other?: string;
}

/** Runs a project whose only standard has one gate; `gate(verdict)` in a spec writes the history that decides it. */
async function project(specs: Record<string, string>, { interruptAt, args = [], other }: ProjectOptions = {}) {
  const root = test.info().outputPath('project');
  const folder = join(root, 'reports/runs/20261121-100000-abcd');
  const files: Record<string, string> = {
    'package.json': '{"type":"module"}',
    'playwright.config.ts': `
      import { reporters } from ${at('reports/reporters.ts')};
      const list = reporters(${JSON.stringify(folder)});
      list.at(-1)[1].tests = ${JSON.stringify(join(root, 'tests'))};
      export default { testDir: 'tests', workers: 1, retries: ${specs['gate.spec.ts']?.includes('flaky') === true ? '1' : '0'}, reporter: list };`,
    'tests/tiny/standard.ts': tinyStandard,
    'tests/tiny/gate.ts': `
      import { HistoryWriter } from ${at('helpers/history/history.ts')};
      export function gate(verdict) {
        const writer = HistoryWriter.begin(${JSON.stringify(join(folder, 'experiments/t/e/history.jsonl'))}, { experiment: 'e', target: 't', run: 'r' });
        writer.fact('verdict', verdict);
        writer.end('completed');
      }`,
    'reports/runs/20261121-100000-abcd/run.json': JSON.stringify({
      id: '20261121-100000-abcd',
      complete: false,
      target: 't',
    }),
    ...(other === undefined ? {} : { 'tests/other/other.spec.ts': other }),
  };
  for (const [name, body] of Object.entries(specs)) {
    files[`tests/tiny/${name}`] =
      `import { test, expect } from '@playwright/test'; import { gate } from './gate.ts';\n${body}`;
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const running = execaNode(cli, ['test', ...args], {
    cwd: root,
    reject: false,
    nodeOptions: [],
    env: environment(),
    extendEnv: false,
  });
  running.stdout.on('data', (chunk: Buffer) => {
    if (interruptAt !== undefined && chunk.toString().includes(interruptAt)) running.kill('SIGINT');
  });
  const { stdout, exitCode } = await running;
  const verdict = () => JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as RunVerdict;
  return { stdout, exitCode, folder, verdict };
}

const tinyStandard = `
  const check = {
    id: 'holds', title: 'It holds', expected: 'pass', experiment: 'e',
    evaluate: (history) => ({ verdict: history.fact('verdict'), seen: String(history.fact('verdict')), evidence: ['e#2'] }),
  };
  export default {
    id: 'tiny',
    title: 'A tiny standard',
    items: [{ id: 'gate-tiny', kind: 'gate', name: 'Tiny', text: 'It holds', checks: [check] }],
    scorecard: ({ items }) => \`tiny: \${items[0].status}\\n\`,
  };`;

/** Nothing of the run that this test belongs to must reach the run that it starts. */
function environment(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SEATRIAL|PW|PLAYWRIGHT|TEST_|ALLURE|NODE_OPTIONS|FORCE_COLOR|DEBUG_COLORS|CI$)/.test(name),
  );
  return Object.fromEntries(inherited);
}

function at(file: string): string {
  return JSON.stringify(pathToFileURL(join(repository, file)).href);
}

function lastLine({ stdout }: { stdout: string }): string | undefined {
  return stdout.split('\n').at(-1);
}
