import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { project } from './project.ts';

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
    expect(run.stdout).not.toContain('No Allure report');
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

  test('should tell one line for each test, and what it came to', async () => {
    const run = await project({
      'a.spec.ts': `test('Gate: Tiny', () => { judge('gate-tiny', 'inconclusive'); });`,
      'b.spec.ts': `test('holds', () => {}); test('breaks', () => { throw new Error('no cluster'); });`,
    });
    expect(run.stdout).toContain('[1/3] Gate: Tiny');
    expect(run.stdout).toMatch(/^ {2}INCONCLUSIVE {2}Gate: Tiny \(\d/m);
    expect(run.stdout).toMatch(/^ {2}PASS {2}holds \(/m);
    expect(run.stdout).toMatch(/2\) tests\/tiny\/b\.spec\.ts:2 › breaks\n\n {4}Error: no cluster/);
    // Checks stand in the verdict, and nowhere twice.
    expect(run.stdout).not.toContain('expect(received)');
    expect(run.stdout).not.toContain('::group::');
  });

  test('should tell GitHub what is wrong, where, and in its summary, and fold what tests print', async () => {
    const summary = test.info().outputPath('summary.md');
    const env = {
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: test.info().outputPath('project'),
    };
    const run = await project(
      {
        'gate.spec.ts': `test('Gate: Tiny', () => { console.log('::add-mask::Tiny');
          judge('gate-tiny', 'fail'); });`,
      },
      { env },
    );
    const lines = run.stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('::'))).toEqual([
      '::group::[1/1] Gate: Tiny',
      '::endgroup::',
      '::error file=tests/tiny/gate.spec.ts,line=3,title=Seatrial failed%3A Gate%3A Tiny::It holds: expected pass; seen fail (holds)',
    ]);
    expect(readFileSync(summary, 'utf8')).toContain('| Gate: Tiny | ❌ **fail** |');
    expect(readFileSync(summary, 'utf8')).toBe(readFileSync(join(run.folder, 'pull-request.md'), 'utf8'));
    expect(lastLine(run)).toBe('0 passed, 1 failed');
  });

  test('should let no test command GitHub, not even in pieces, nor the terminal', async () => {
    const printed = [':', ':error::in pieces\n', '\u0085::error::behind a blank\n', '\u001b]0;title\u0007', '::end'];
    const prints = `test('prints', async () => {
      for (const text of ${JSON.stringify(printed)}) await new Promise((done) => process.stdout.write(text, done));
      throw new Error('\\u001b[2Jno\\n::error::from an error');
    });`;
    const env = { GITHUB_ACTIONS: 'true', CI: 'true' };
    const run = await project({ 'gate.spec.ts': prints }, { env });
    const lines = run.stdout.split('\n');
    expect(lines.filter((line) => /^[\s\u0085]*::/.test(line)).map((line) => line.trim().slice(0, 8))).toEqual([
      '::group:',
      '::endgro',
    ]);
    expect(run.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(run.stdout).toContain('in pieces');
  });

  test('should compare with the verdict of the base branch, and say when there is none', async () => {
    const specs = (verdict: string) => ({
      'gate.spec.ts': `test('Gate: Tiny', () => { judge('gate-tiny', '${verdict}'); });`,
    });
    const before = await project(specs('pass'), { root: 'before' });
    const base = join(before.folder, 'verdict.json');
    const { folder } = await project(specs('fail'), { root: 'after', options: { base } });
    expect(readFileSync(join(folder, 'pull-request.md'), 'utf8')).toContain(
      '| worse | Gate: Tiny | ✅ pass | ❌ **fail** |',
    );
    const alone = await project(specs('pass'), { root: 'alone', options: { base: join(folder, 'nowhere.json') } });
    expect(readFileSync(join(alone.folder, 'pull-request.md'), 'utf8')).toContain('There is nothing to compare with');
  });

  test('should keep out of a mere listing', async () => {
    const run = await project({ 'gate.spec.ts': `test('holds', () => {});` }, { args: ['--list'] });
    expect(run.stdout).toContain('holds');
    expect(run.stdout).not.toContain('passed');
    expect(run.exitCode).toBe(0);
  });
});

function lastLine({ stdout }: { stdout: string }): string | undefined {
  return stdout.split('\n').at(-1);
}
