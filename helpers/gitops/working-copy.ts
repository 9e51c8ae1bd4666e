import { mkdirSync } from 'node:fs';
import { execa } from 'execa';
import { messageOf, UserError } from '../errors.ts';
import type { GitRemote } from './remote.ts';

/** Who commits; the machine's own settings are no part of a trial. */
const AUTHOR = { name: 'Seatrial', email: 'trial@seatrial.dev' };
/** A push that takes longer than this (ms) does not end by itself. */
const PUSH_LIMIT_MS = 60_000;

/**
 * A working copy with one branch, by the `git` command: what pushes here is what engineers push with, proxies and credential helpers of
 * theirs included.
 */
export class WorkingCopy {
  readonly folder: string;
  readonly #remote: GitRemote;
  readonly #onPush: (what: string) => void;

  private constructor(folder: string, remote: GitRemote, onPush: (what: string) => void) {
    this.folder = folder;
    this.#remote = remote;
    this.#onPush = onPush;
  }

  /** An empty working copy. @param onPush called before the repository is written to. */
  static async create(folder: string, remote: GitRemote, onPush: (what: string) => void): Promise<WorkingCopy> {
    mkdirSync(folder, { recursive: true });
    const copy = new WorkingCopy(folder, remote, onPush);
    await copy.#git(['init', '--quiet', '--initial-branch', remote.branch]);
    return copy;
  }

  /** Commits all that has changed. @returns the commit. @throws Error when nothing has changed. */
  async commit(message: string): Promise<string> {
    await this.#git(['add', '--all', '--force']);
    await this.#git(['commit', '--quiet', '--message', message]);
    return this.#head();
  }

  /** One commit that undoes others, the latest first. @returns the commit. */
  async revert(commits: readonly string[]): Promise<string> {
    await this.#git(['revert', '--no-commit', ...commits]);
    return this.commit(`Revert ${commits.map((commit) => commit.slice(0, 7)).join(', ')}`);
  }

  /** @throws UserError when the repository does not take the branch. */
  async push(): Promise<void> {
    const { push, branch } = this.#remote;
    this.#onPush(`${branch}@${(await this.#head()).slice(0, 7)}`);
    try {
      await this.#git(['push', '--quiet', push, `HEAD:refs/heads/${branch}`]);
    } catch (thrown) {
      throw new UserError({
        what: `The repository does not take the branch ${branch}: ${messageOf(thrown)}`,
        where: push,
        fix: 'see that gitops.repository names a repository to which its user may push branches',
      });
    }
  }

  async #head(): Promise<string> {
    return this.#git(['rev-parse', 'HEAD']);
  }

  async #git(args: string[]): Promise<string> {
    const { stdout } = await execa('git', args, {
      cwd: this.folder,
      stdin: 'ignore',
      timeout: PUSH_LIMIT_MS,
      env: { ...gitEnvironment(this.#remote.credentials), ...author() },
    }).catch((thrown: unknown) => {
      const { stderr = '', shortMessage = messageOf(thrown) } = thrown as { stderr?: string; shortMessage?: string };
      throw new Error(stderr || shortMessage, { cause: thrown });
    });
    return stdout;
  }
}

/** Settings that must not depend on the machine, and credentials, which must not be seen among the machine's processes. */
export function gitEnvironment(credentials: GitRemote['credentials']): Record<string, string> {
  const settings: [string, string][] = [
    ['commit.gpgSign', 'false'],
    ['core.hooksPath', '/dev/null'],
    ['core.autocrlf', 'false'],
    ...(credentials === undefined ? [] : [authorization(credentials)]),
  ];
  return {
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${String(index)}`, key],
        [`GIT_CONFIG_VALUE_${String(index)}`, value],
      ]),
    ),
  };
}

function authorization({ username, password }: { username: string; password: string }): [string, string] {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return ['http.extraHeader', `Authorization: Basic ${basic}`];
}

function author(): Record<string, string> {
  const { name, email } = AUTHOR;
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
