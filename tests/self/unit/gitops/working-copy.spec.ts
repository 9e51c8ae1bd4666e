import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { UserError } from '../../../../helpers/errors.ts';
import { branchFor, oldBranches } from '../../../../helpers/gitops/remote.ts';
import type { GitRemote } from '../../../../helpers/gitops/remote.ts';
import { gitEnvironment, WorkingCopy } from '../../../../helpers/gitops/working-copy.ts';

/** A bare repository in a folder: what is pushed to it is pushed by Git as to any other. */
async function repository(folder: string): Promise<GitRemote> {
  const push = join(folder, 'repository.git');
  await execa('git', ['init', '--quiet', '--bare', push]);
  return { url: `file://${push}`, push, branch: branchFor('test'), dispose: () => Promise.resolve() };
}

const show = async ({ push, branch }: GitRemote, file: string) =>
  (await execa('git', ['--git-dir', push, 'show', `${branch}:${file}`])).stdout;

test.describe('A working copy', { tag: '@static' }, () => {
  test('should push commits to its branch, say so before, and undo them by one commit', async ({}, testInfo) => {
    const remote = await repository(testInfo.outputPath());
    const pushes: string[] = [];
    const copy = await WorkingCopy.create(testInfo.outputPath('copy'), remote, (what) => pushes.push(what));
    const file = join(copy.folder, 'state.yaml');
    const commit = async (text: string) => {
      writeFileSync(file, text);
      return copy.commit(text);
    };
    await commit('replicas: 1\n');
    const second = await commit('replicas: 2\n');
    const third = await commit('replicas: 3\n');
    await copy.push();
    expect(await show(remote, 'state.yaml')).toBe('replicas: 3');

    const reverted = await copy.revert([third, second]);
    await copy.push();
    expect(readFileSync(file, 'utf8')).toBe('replicas: 1\n');
    expect(await show(remote, 'state.yaml')).toBe('replicas: 1');
    expect(pushes).toEqual([third, reverted].map((sha) => `${remote.branch}@${sha.slice(0, 7)}`));
  });

  test('should refuse to commit nothing', async ({}, testInfo) => {
    const remote = await repository(testInfo.outputPath());
    const copy = await WorkingCopy.create(testInfo.outputPath('copy'), remote, () => undefined);
    await expect(copy.commit('nothing')).rejects.toThrow(/nothing to commit|Command failed/);
  });

  test('should say which repository does not take the branch', async ({}, testInfo) => {
    const remote = { ...(await repository(testInfo.outputPath())), push: testInfo.outputPath('not-there.git') };
    const copy = await WorkingCopy.create(testInfo.outputPath('copy'), remote, () => undefined);
    writeFileSync(join(copy.folder, 'state.yaml'), 'a: 1\n');
    await copy.commit('first');
    await expect(copy.push()).rejects.toThrow(UserError);
    await expect(copy.push()).rejects.toMatchObject({ mistakes: [{ where: remote.push }] });
  });

  test('should not depend on the settings of the machine', async ({}, testInfo) => {
    const hooks = testInfo.outputPath('gitconfig');
    writeFileSync(hooks, '[commit]\n\tgpgSign = true\n[user]\n\tname = Somebody\n');
    const remote = await repository(testInfo.outputPath());
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = hooks;
    try {
      const copy = await WorkingCopy.create(testInfo.outputPath('copy'), remote, () => undefined);
      writeFileSync(join(copy.folder, 'state.yaml'), 'a: 1\n');
      await copy.commit('first');
      const { stdout } = await execa('git', ['log', '-1', '--format=%an'], { cwd: copy.folder });
      expect(stdout).toBe('Seatrial');
    } finally {
      if (before === undefined) delete process.env.GIT_CONFIG_GLOBAL;
      else process.env.GIT_CONFIG_GLOBAL = before;
    }
  });

  test('should hand credentials to Git by its environment, where no other process reads them', () => {
    const environment = gitEnvironment({ username: 'trial', password: 'a secret' });
    const header = `Authorization: Basic ${Buffer.from('trial:a secret').toString('base64')}`;
    expect(Object.values(environment)).toContain(header);
    expect(Object.values(gitEnvironment(undefined)).join(' ')).not.toContain('Authorization');
  });
});

test.describe('Branches of trials', { tag: '@static' }, () => {
  test('should be left alone until no trial can still use them, and those of others always', () => {
    const today = new Date('2026-11-21T09:00:00Z');
    const yesterday = branchFor('a', new Date('2026-11-20T09:00:00Z'));
    const before = branchFor('b', new Date('2026-11-10T09:00:00Z'));
    const branches = ['main', 'seatrial/20260101', before, yesterday, branchFor('c', today), 'seatrial/feature'];
    expect(oldBranches(branches, today)).toEqual([before]);
  });
});
