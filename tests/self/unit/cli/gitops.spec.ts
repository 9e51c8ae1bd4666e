import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa, execaSync } from 'execa';
import { flawlessTree, patched, withTree } from '../gitops/tree.ts';
import type { Files } from '../gitops/tree.ts';
import { root } from '../repo/repository.ts';

const command = join(root, 'bin/seatrial.js');

const check = (files: Files, ...more: string[]) =>
  withTree(files, (folder) => {
    const options = { cwd: folder, reject: false, stdin: 'ignore' } as const;
    return execaSync(
      process.execPath,
      [command, 'gitops', 'check', 'apps', '--root', '.', '--release', 'gateway', 'tools', ...more],
      options,
    );
  });

test.describe('npx seatrial gitops check', { tag: '@static' }, () => {
  test('should end with 0 when nothing is wrong, and say what was seen', () => {
    const { stdout, stderr, exitCode } = check(flawlessTree);
    expect(stderr).toBe('');
    expect(stdout).toContain('16 passed, 0 failed, 0 inconclusive');
    expect(exitCode).toBe(0);
  });

  test('should end with 1, and tell place, expectation and check of what is wrong', () => {
    const { stdout, exitCode } = check(patched('release/tools.yaml', '0.4.0', '0.4.x'));
    expect(stdout).toMatch(
      /fail +Every chart has one exact version: .*tools \(0\.4\.x\) at release\/tools\.yaml:1\n +expected .*\(gitops\.charts-are-pinned\)/,
    );
    expect(exitCode).toBe(1);
  });

  test('should never print a credential', () => {
    const { stdout } = check(patched('release/values.yaml', 'image:', 'password: hunter2\nimage:'));
    expect(stdout).toMatch(/password as value at release\/values\.yaml:2/);
    expect(stdout).not.toContain('hunter2');
  });

  for (const [what, args, says] of [
    ['a folder that is not there', ['gitops', 'check', 'nowhere'], /nowhere does not exist/],
    ['a file', ['gitops', 'check', 'bin/seatrial.js'], /bin\/seatrial\.js is a file/],
    ['a root that is elsewhere', ['gitops', 'check', 'bin', '--root', 'helpers'], /lies outside of .*helpers/],
  ] as const) {
    test(`should end with 2 on ${what}`, async () => {
      const { stderr, exitCode } = await execa(process.execPath, [command, ...args], { cwd: root, reject: false });
      expect(stderr).toMatch(says);
      expect(exitCode).toBe(2);
    });
  }
});
