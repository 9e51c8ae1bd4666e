import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { processStartTime } from '../cluster/leases.ts';
import type { GitHosting } from '../cluster/provider.ts';
import { waitUntil } from '../wait.ts';

/** The web server runs scripts below this path only. */
const SCRIPT = 'cgi-bin/git';
const REPOSITORY = 'desired-state.git';
/** Below the ports that the kernel gives to clients. */
const PORTS = { first: 20_000, beyond: 30_000 };
/** The server takes a few ms to start; on a busy machine some more. */
const STARTED_WITHIN_MS = 10_000;

/** A Git server for one repository, so that one experiment can take it away without another one noticing. */
export interface GitServer {
  /** Where pods fetch from (smart HTTP, read-only). */
  url: string;
  /** The bare repository on this machine: whoever may write there may push. */
  repository: string;
  /** Nobody listens at its address from then on. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** Ends the server and removes the repository. */
  dispose: () => Promise<void>;
}

/** Makes an empty repository with `branch` as its default, and serves it by Git's own HTTP backend. */
export async function serveRepository({ folder, address, server }: GitHosting, branch: string): Promise<GitServer> {
  removeFoldersOfTheDead(folder);
  const root = mkdtempSync(join(folder, `trial-${String(process.pid)}-`));
  const repositories = join(root, 'repositories');
  const repository = join(repositories, REPOSITORY);
  await execa('git', ['init', '--quiet', '--bare', '--initial-branch', branch, repository]);
  mkdirSync(join(root, 'www/cgi-bin'), { recursive: true });
  writeFileSync(join(root, 'www', SCRIPT), script(repositories), { mode: 0o755 });

  let running: ChildProcess | undefined;
  const urlAt = (number: number) => `http://${address}:${String(number)}/${SCRIPT}/${REPOSITORY}`;
  const launch = async (number: number) => {
    const [command = '', ...args]: string[] = [
      ...server,
      '-p',
      `${address}:${String(number)}`,
      '-h',
      join(root, 'www'),
    ];
    const child = spawn(command, args, { stdio: 'ignore', cwd: root });
    const failed = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(`the Git server ended at once with exit code ${String(code)}`));
      });
    });
    await Promise.race([answering(urlAt(number)), failed]);
    failed.catch(() => undefined);
    running = child;
  };
  const stop = async () => {
    const child = running;
    running = undefined;
    if (child?.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const port = await atFreePort(launch);
  return {
    url: urlAt(port),
    repository,
    stop,
    start: () => launch(port),
    dispose: async () => {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A process that was killed leaves its repositories behind; its servers ended with it. */
function removeFoldersOfTheDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^trial-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && processStartTime(Number(pid)) === undefined)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Answers clients by the backend that comes with Git. It serves fetches only: it knows no user that might push. */
function script(repositories: string): string {
  return `#!/bin/sh\nGIT_PROJECT_ROOT='${repositories}' GIT_HTTP_EXPORT_ALL=1 exec git http-backend\n`;
}

async function atFreePort(launch: (port: number) => Promise<void>): Promise<number> {
  let last: unknown;
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = randomInt(PORTS.first, PORTS.beyond);
    try {
      await launch(port);
      return port;
    } catch (thrown) {
      last = thrown;
    }
  }
  throw last;
}

function answering(url: string): Promise<void> {
  const question = `${url}/info/refs?service=git-upload-pack`;
  return waitUntil('the Git server answers', async () => (await fetch(question)).ok, { timeoutMs: STARTED_WITHIN_MS });
}
