import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Redactor } from '../../../../helpers/kubernetes/redact.ts';
import { describeBlock, runBlock, type BlockResult } from '../../../../helpers/runbooks/execute.ts';
import type { Workbench } from '../../../../helpers/runbooks/workbench.ts';
import { benchIn } from './bench.ts';

let workbench: Workbench;
const redactor = new Redactor();
redactor.add('hunter2-of-the-database');

function run(
  script: string,
  { timeoutMs = 20_000, signal = new AbortController().signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<BlockResult> {
  return runBlock({ role: 'remedy', line: 7, script }, workbench, { timeoutMs, signal, redactor });
}

/** Whether a process with this id is still there. */
function lives(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`);
}

test.describe('blocks of runbooks', { tag: '@static' }, () => {
  test.beforeEach(async ({}, testInfo) => {
    process.env.SEATRIAL_TEST_SECRET = 'of this machine';
    workbench = await benchIn(testInfo.outputPath('config'), redactor);
  });

  test.afterEach(() => {
    delete process.env.SEATRIAL_TEST_SECRET;
    workbench.dispose();
    expect(existsSync(workbench.folder)).toBe(false);
  });

  test('should be run by bash, and end well when all commands do', async () => {
    const result = await run('set -- a b\nprintf "%s\\n" "$#" >count\ncat count; echo to stderr >&2');
    expect(result).toMatchObject({ role: 'remedy', line: 7, ok: true, exitCode: 0, timedOut: false });
    expect(result.output).toBe('2\nto stderr');
  });

  for (const { name, script } of [
    { name: 'a command that fails', script: 'false\necho never' },
    { name: 'a failure within a pipe', script: 'false | cat\necho never' },
    { name: 'a variable that is not set', script: 'echo "$NO_SUCH_VARIABLE"\necho never' },
    { name: 'a command that does not exist', script: 'kubectll get pods\necho never' },
  ]) {
    test(`should fail at once on ${name}`, async () => {
      const result = await run(script);
      expect(result.ok).toBe(false);
      expect(result.exitCode).toBeGreaterThan(0);
      expect(result.output).not.toContain('never');
      expect(describeBlock(result)).toMatch(/the remedy block at line 7 ended with exit code \d+/);
    });
  }

  test('should see nothing of this machine’s environment, and know their namespace and releases', async () => {
    const { output } = await run('env');
    const names = output.split('\n').map((line) => line.split('=')[0] ?? '');
    expect(output).not.toContain('of this machine');
    const ours = ['HELM', 'HOME', 'KUBECONFIG', 'KUBECTL', 'LANG', 'NAMESPACE', 'PATH', 'TMPDIR'];
    const releases = ['RELEASE_GATEWAY', 'RELEASE_CUSTOM_SERVER'];
    const bash = ['PWD', 'SHLVL', '_', 'OLDPWD'];
    expect(names.filter((name) => !bash.includes(name)).toSorted()).toEqual([...ours, ...releases].toSorted());
    expect(output).toContain('NAMESPACE=seatrial-x7k2p');
    expect(output).toContain('RELEASE_CUSTOM_SERVER=custom-server');
  });

  test('should find kubectl, helm and the usual commands, and no others', async () => {
    const { ok, output } = await run('for name in kubectl helm awk grep sed base64; do command -v "$name"; done');
    expect(ok).toBe(true);
    expect(output.split('\n').every((path) => path.startsWith(workbench.folder))).toBe(true);
    expect((await run('command -v node')).ok).toBe(false);
    expect((await run('command -v curl')).ok).toBe(false);
  });

  test('should leave no secret in what is kept of their output', async () => {
    const { output } = await run(
      'echo "password: hunter2-of-the-database"; printf %s hunter2-of-the-database | base64; cat "$KUBECONFIG"',
    );
    expect(output).toContain('password: [redacted]');
    expect(output).not.toContain('hunter2');
    expect(output).not.toContain(Buffer.from('hunter2-of-the-database').toString('base64'));
    expect(output).not.toContain('token-of-the-trial-cluster');
  });

  test('should keep the end of a long output', async () => {
    const { output } = await run('seq 1 5000; echo the end');
    expect(output.length).toBeLessThan(5_000);
    expect(output).toMatch(/^…[\s\S]*the end$/);
  });

  test('should be ended when their time is up, with all that they started', async () => {
    const result = await run('sleep 600 & echo "$!"; wait', { timeoutMs: 500 });
    expect(result).toMatchObject({ ok: false, timedOut: true });
    expect(describeBlock(result)).toMatch(/did not end within \d+ ms/);
    await expect.poll(() => lives(result.output.trim())).toBe(false);
  });

  test('should leave nothing running in the background', async () => {
    const { ok, output } = await run('sleep 600 >/dev/null 2>&1 & echo "$!"');
    expect(ok).toBe(true);
    await expect.poll(() => lives(output.trim())).toBe(false);
  });

  test('should be ended by an abort', async () => {
    const controller = new AbortController();
    const running = run('sleep 600', { signal: controller.signal });
    controller.abort(new Error('Ctrl-C'));
    await expect(running).rejects.toThrow('Ctrl-C');
    await expect(run('true', { signal: controller.signal })).rejects.toThrow('Ctrl-C');
  });

  test('should have no input that a command could swallow their rest with', async () => {
    const { output } = await run('cat\necho after');
    expect(output).toBe('after');
  });

  test('should leave no folder of a run that was killed, for there are credentials in it', async ({}, testInfo) => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = mkdtempSync(join(tmpdir(), `seatrial-runbook-${String(pid)}-`));
    const other = await benchIn(testInfo.outputPath('other'));
    other.dispose();
    expect(existsSync(left)).toBe(false);
    expect(existsSync(workbench.folder)).toBe(true);
  });

  test('should each have a folder of their own', async () => {
    const [first, second] = [await run('echo x >left; pwd'), await run('ls; pwd')];
    expect(first.output).not.toBe(second.output.split('\n').at(-1));
    expect(second.output).not.toContain('left');
    expect(readdirSync(workbench.folder).toSorted()).toEqual(['bin', 'home', 'kubeconfig', 'tmp', 'work']);
  });
});
