import { arch, cpus, platform, release, totalmem, version } from 'node:os';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { version as seatrialVersion } from './version.ts';
import type { Run } from './run.ts';

/** `host.json`: the machine that a run was started on, as far as figures may depend on it. No names of machine, person or network. */
export interface HostFacts {
  platform: string;
  /** Of the kernel. */
  release: string;
  /** What the kernel calls itself. */
  system: string;
  architecture: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  seatrial: string;
  timeZone: string;
  /** Commit of the folder that the run was started in, where that is a working copy of Git; `modified`: with changes that nobody committed. */
  commit?: string;
  modified?: boolean;
}

/** Writes the facts of this machine into the folder of a run: they cannot be found out later, or elsewhere. */
export function recordHost(run: Run, cwd = process.cwd()): HostFacts {
  const [first] = cpus();
  const facts: HostFacts = {
    platform: platform(),
    release: release(),
    system: version(),
    architecture: arch(),
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    seatrial: seatrialVersion,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...commitOf(cwd),
  };
  writeFileSync(join(run.folder, 'host.json'), `${JSON.stringify(facts, undefined, 2)}\n`);
  return facts;
}

/** Git may be missing, or slow on a large working copy: then the run goes on without. In ms. */
const GIT_LIMIT_MS = 5_000;

function commitOf(cwd: string): Pick<HostFacts, 'commit' | 'modified'> {
  const git = (args: string[]) =>
    execaSync('git', args, { cwd, reject: false, stdin: 'ignore', timeout: GIT_LIMIT_MS });
  const head = git(['rev-parse', 'HEAD']);
  if (head.failed) return {};
  const status = git(['status', '--porcelain', '--untracked-files=no']);
  return { commit: head.stdout.trim(), ...(status.failed ? {} : { modified: status.stdout.trim() !== '' }) };
}
