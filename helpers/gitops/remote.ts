import { execa } from 'execa';
import type { ClusterAccess } from '../cluster/provider.ts';
import { UserError } from '../errors.ts';
import type { Redactor } from '../kubernetes/redact.ts';
import type { Target } from '../target/schema.ts';
import { serveRepository } from './server.ts';
import { gitEnvironment } from './working-copy.ts';

/** A repository that this machine pushes to and the cluster fetches from, with a branch that belongs to one experiment. */
export interface GitRemote {
  /** What the cluster fetches from. */
  url: string;
  /** What this machine pushes to: a URL, or a folder of its own. */
  push: string;
  branch: string;
  credentials?: { username: string; password: string };
  /** Takes the server away and brings it back; only where it is the trial's own. */
  outage?: { begin: () => Promise<void>; end: () => Promise<void> };
  /** Removes what the experiment made there. */
  dispose: () => Promise<void>;
}

type Declared = NonNullable<NonNullable<Target['gitops']>['repository']>;

/**
 * The repository for one experiment: served from this machine where the cluster's provider can do that, else a branch in the one that the
 * target declares.
 * @param name names the branch; unique for the run.
 * @throws UserError when there is neither.
 */
export async function openRemote(
  { cluster, target, redactor }: { cluster: ClusterAccess; target: Target; redactor: Redactor },
  name: string,
): Promise<GitRemote> {
  const branch = branchFor(name);
  if (cluster.git !== undefined) {
    const { url, repository, start, stop, dispose } = await serveRepository(cluster.git, branch);
    return { url, push: repository, branch, outage: { begin: stop, end: start }, dispose };
  }
  const declared = target.gitops?.repository;
  if (declared !== undefined) {
    const remote = declaredRemote(declared, branch, redactor);
    await removeOldBranches(remote);
    return remote;
  }
  throw new UserError({
    what: `The cluster of provider ${cluster.provider} can fetch from no Git repository of this machine`,
    where: `${target.file} gitops.repository`,
    fix: 'name a repository that the cluster can fetch from and this machine can push to',
  });
}

/** `seatrial/20261121-NAME`: the day tells later runs which branches were left behind. */
export function branchFor(name: string, moment = new Date()): string {
  return `seatrial/${moment.toISOString().slice(0, 10).replaceAll('-', '')}-${name}`;
}

/** Days after which a branch of a trial belongs to nobody: no trial lasts that long. */
const LEFT_BEHIND_AFTER_DAYS = 2;

/** Those of the branches that trials have left behind. */
export function oldBranches(branches: readonly string[], moment = new Date()): string[] {
  const oldest = new Date(moment.getTime() - LEFT_BEHIND_AFTER_DAYS * 86_400_000);
  const [limit = ''] = branchFor('', oldest).split('-');
  return branches.filter((branch) => /^seatrial\/\d{8}-/.test(branch) && branch < limit);
}

/** What a killed run could not remove. @throws UserError when the repository cannot be read. */
async function removeOldBranches({ push, credentials }: GitRemote): Promise<void> {
  const git = (...args: string[]) => execa('git', args, { env: gitEnvironment(credentials), stdin: 'ignore' });
  const { stdout } = await git('ls-remote', '--heads', push, 'seatrial/*').catch((thrown: unknown) => {
    throw new UserError({
      what: `The repository cannot be read: ${String((thrown as { stderr?: string }).stderr ?? thrown)}`,
      where: `gitops.repository ${push}`,
      fix: 'correct the URL, or the credentials that its username and password name',
    });
  });
  const branches = [...stdout.matchAll(/\trefs\/heads\/(.+)$/gm)].map(([, branch = '']) => branch);
  for (const branch of oldBranches(branches)) await git('push', '--quiet', push, `:refs/heads/${branch}`);
}

function declaredRemote({ url, username, password }: Declared, branch: string, redactor: Redactor): GitRemote {
  const credentials =
    password === undefined
      ? undefined
      : { username: username === undefined ? 'git' : valueOf(username), password: valueOf(password) };
  if (credentials !== undefined) {
    redactor.add(credentials.password);
    redactor.add(Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'));
  }
  return {
    url,
    push: url,
    branch,
    ...(credentials === undefined ? {} : { credentials }),
    async dispose() {
      await execa('git', ['push', '--quiet', url, `:refs/heads/${branch}`], {
        env: gitEnvironment(credentials),
        stdin: 'ignore',
      });
    },
  };
}

function valueOf(variable: string): string {
  const value = process.env[variable] ?? '';
  if (value !== '') return value;
  throw new UserError({
    what: `The environment variable ${variable} is not set`,
    where: 'gitops.repository',
    fix: `set ${variable}, or leave it out when the repository needs no credentials`,
  });
}
