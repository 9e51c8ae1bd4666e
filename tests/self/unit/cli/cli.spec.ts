import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';

const command = join(import.meta.dirname, '../../../../bin/seatrial.js');
let folder: string;

const seatrial = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [command, ...args], { cwd: folder, env, reject: false, stdin: 'ignore' });

test.describe('npx seatrial', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('should tell its commands and exit codes', async () => {
    const { stdout, exitCode } = await seatrial(['--help']);
    expect(exitCode).toBe(0);
    for (const name of ['init', 'validate', 'cluster', 'rights', 'sweep', 'scorecard', 'report'])
      expect(stdout).toContain(`  ${name}`);
    expect(stdout).toContain('Exit codes');
  });

  test('should end with 2 on an unknown command', async () => {
    const { stderr, exitCode } = await seatrial(['deploy']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('deploy');
  });

  test('should end with 2 on a wrong flag of a nested command', async () => {
    const { stderr, exitCode } = await seatrial(['cluster', 'status', '--bogus']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--bogus');
  });

  test('should say where there is no target, without a stack trace', async () => {
    const { stderr, exitCode } = await seatrial(['validate', './nowhere']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/There is no target here\n {2}where: .*nowhere\n {2}fix:/);
    expect(stderr).not.toContain('    at ');
  });

  test('should write a target.yaml that is valid, and never over another one', async () => {
    const flags = [
      'init',
      '--yes',
      '--chart',
      'oci://registry.example.com/gateway',
      '--chart-version',
      '1.2.3',
      '--name',
      'mine',
    ];
    const first = await seatrial(flags);
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    expect(readFileSync(join(folder, 'target.yaml'), 'utf8')).toContain('name: mine');
    expect((await seatrial(['validate', '.'])).exitCode).toBe(0);
    const second = await seatrial(flags);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('--force');
  });

  test('should leave the old target.yaml as it was when the new one is not valid', async () => {
    writeFileSync(join(folder, 'target.yaml'), 'mine: true\n');
    const { exitCode } = await seatrial(['init', '--yes', '--force', '--chart', './nothing']);
    expect(exitCode).toBe(2);
    expect(readFileSync(join(folder, 'target.yaml'), 'utf8')).toBe('mine: true\n');
  });

  test('should leave no target.yaml behind that is not valid', async () => {
    const { exitCode, stderr } = await seatrial(['init', '--yes', '--chart', './nothing']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('./nothing');
    expect(existsSync(join(folder, 'target.yaml'))).toBe(false);
    expect(existsSync(join(folder, 'support'))).toBe(false);
  });

  test('should write a template for facts about support that is valid and marked as a sample, and never over facts', async () => {
    expect((await seatrial(['init', '--support'])).exitCode).toBe(0);
    const template = readFileSync(join(folder, 'support/facts.yaml'), 'utf8');
    expect(template).toContain('sample: true');
    writeFileSync(join(folder, 'support/facts.yaml'), template.replace('sample: true', 'sample: false'));

    const again = await seatrial(['init', '--support']);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('There is a facts.yaml already');
    const chart = ['--chart', 'oci://registry.example.com/gateway', '--chart-version', '1.2.3'];
    expect((await seatrial(['init', '--yes', '--force', ...chart])).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'support/facts.yaml'), 'utf8')).toContain('sample: false');
    expect(readFileSync(join(folder, 'target.yaml'), 'utf8')).toContain('support: support/facts.yaml');
  });

  test('should name a mistake in facts about support when the target is checked', async () => {
    await seatrial(['init', '--yes', '--chart', 'oci://registry.example.com/gateway', '--chart-version', '1.2.3']);
    const file = join(folder, 'support/facts.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('dedicated: true\n', 'dedicated: perhaps\n'));
    const { stderr, exitCode } = await seatrial(['validate', '.']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /must be true or false, but is text\n {2}where: support\/facts\.yaml:\d+ engineers\[0\]\.dedicated/,
    );
  });

  test('should run on an older Node by way of the one among the dependencies', async () => {
    const { stdout } = await execa('node', [command, '--version'], {
      preferLocal: false,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
