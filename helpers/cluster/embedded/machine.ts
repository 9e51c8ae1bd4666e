import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import { messageOf, UserError, type Mistake } from '../../errors.ts';
import type { Progress } from '../provider.ts';
import type { EmbeddedOptions } from './options.ts';

/** Debian packages with the commands that nodes and image builds need. None of them starts a service. */
const installed: Record<string, string> = {
  runc: '/usr/sbin/runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iptables: '/usr/sbin/iptables',
  nftables: '/usr/sbin/nft',
  conntrack: '/usr/sbin/conntrack',
  iproute2: '/usr/bin/nsenter',
  mmdebstrap: '/usr/bin/mmdebstrap',
  'python3-pip': '/usr/bin/pip3',
};

/** Debian packages that are unpacked into the cache instead: installing them would start a service or is not needed. */
const unpacked: Record<'docker-registry' | 'busybox-static', string> = {
  'docker-registry': 'usr/bin/docker-registry',
  'busybox-static': 'bin/busybox',
};

const freeDiskGiB = { cold: 12, warm: 4 };

/**
 * Refuses machines on which the embedded cluster cannot work, before anything is touched.
 * @throws UserError that names everything that is wrong at once.
 */
export async function checkMachine({ cacheFolder, stateFolder, network }: EmbeddedOptions): Promise<void> {
  const mistakes: Mistake[] = [];
  const { platform } = process;
  if (platform !== 'linux')
    throw new UserError({
      what: `The embedded cluster needs Linux, this is ${platform}`,
      where: 'SEATRIAL_PROVIDER',
      fix: 'use kind or a cluster of your own',
    });
  if (process.getuid?.() !== 0) {
    mistakes.push({
      what: 'The embedded cluster needs root (it makes network namespaces and cgroups)',
      where: `user id ${String(process.getuid?.())}`,
      fix: 'run with sudo -E, or use kind or a cluster of your own',
    });
  }
  if (!existsSync('/usr/bin/apt-get')) {
    mistakes.push({
      what: 'The embedded cluster takes runc, CNI plugins and tools from Debian packages, and there is no apt-get',
      where: '/usr/bin/apt-get',
      fix: 'run on Debian 12 or Ubuntu 22.04 or later, or use kind or a cluster of your own',
    });
  }
  const wanted = existsSync(join(cacheFolder, 'bin')) ? freeDiskGiB.warm : freeDiskGiB.cold;
  for (const folder of new Set([cacheFolder, stateFolder])) {
    const free = freeGiB(folder);
    if (free < wanted)
      mistakes.push({
        what: `${free.toFixed(1)} GiB are free, ${String(wanted)} GiB are needed`,
        where: folder,
        fix: 'free some disk, or point SEATRIAL_CACHE and SEATRIAL_STATE elsewhere',
      });
  }
  const clash = await conflictingRoute(network);
  if (clash !== undefined) {
    mistakes.push({
      what: `This machine already routes ${clash}, which overlaps with the cluster's ${network}.0.0/16`,
      where: 'SEATRIAL_NETWORK',
      fix: 'choose another private /16, for example SEATRIAL_NETWORK=10.213',
    });
  }
  const [first, ...rest] = mistakes;
  if (first !== undefined) throw new UserError(first, ...rest);
}

function freeGiB(folder: string): number {
  let existing = folder;
  while (!existsSync(existing)) existing = join(existing, '..');
  const { bavail, bsize } = statfsSync(existing);
  return (bavail * bsize) / 1024 ** 3;
}

/** A route of the machine inside the cluster's /16 that is not the cluster's own bridge. */
async function conflictingRoute(network: string): Promise<string | undefined> {
  const { stdout, failed } = await execa('ip', ['-4', 'route', 'show', 'root', `${network}.0.0/16`], { reject: false });
  // Without iproute2 there is no answer yet, and it is about to be installed.
  return failed ? undefined : stdout.split('\n').find((line) => line !== '' && !line.includes('seatrial'));
}

/** Debian packages that have to be installed on this machine. */
export function missingPackages(): string[] {
  return Object.entries(installed).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}

/**
 * Installs what is missing after saying so, and unpacks the rest into the cache. apt verifies every package's signature.
 * @returns the folder in which `docker-registry` and `busybox-static` are unpacked.
 */
export async function installPackages(
  { assumeYes, cacheFolder }: EmbeddedOptions,
  progress: Progress,
): Promise<string> {
  const missing = missingPackages();
  if (missing.length > 0) {
    progress(
      `to be installed on this machine by apt-get: ${missing.join(', ')} (to undo: apt-get remove ${missing.join(' ')})`,
    );
    if (!assumeYes) await confirm();
    await apt(['install', '-y', '-q', '--no-install-recommends', ...missing], '/');
  }
  return unpackPackages(cacheFolder, progress);
}

async function unpackPackages(cacheFolder: string, progress: Progress): Promise<string> {
  const folder = join(cacheFolder, 'debian');
  const absent = Object.entries(unpacked).flatMap(([name, file]) => (existsSync(join(folder, file)) ? [] : [name]));
  if (absent.length === 0) return folder;
  progress(`unpacking into the cache: ${absent.join(', ')}`);
  const draft = `${folder}.${String(process.pid)}`;
  mkdirSync(join(draft, 'debs'), { recursive: true });
  await apt(['download', '-q', ...Object.keys(unpacked)], join(draft, 'debs'));
  for (const deb of readdirSync(join(draft, 'debs'))) await execa('dpkg', ['-x', join(draft, 'debs', deb), draft]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return folder;
}

async function apt(args: string[], cwd: string): Promise<void> {
  const run = () => execa('apt-get', args, { cwd, env: { DEBIAN_FRONTEND: 'noninteractive' }, stdin: 'ignore' });
  try {
    // Package lists are refreshed only when they are needed: they are another 30 seconds.
    await run().catch(async () => {
      await execa('apt-get', ['update', '-q'], { stdin: 'ignore' });
      await run();
    });
  } catch (thrown) {
    throw new UserError({
      what: `apt-get ${args.join(' ')} failed: ${messageOf(thrown).split('\n').slice(-3).join(' ')}`,
      where: '/etc/apt',
      fix: 'repair the package sources (apt-get update must work), then run again',
    });
  }
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError({
      what: 'Packages have to be installed and nobody can be asked',
      where: 'standard input',
      fix: 'allow it with --yes, SEATRIAL_YES=1 or CI=true',
    });
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await dialogue.question('Install them? [y/N] ');
  dialogue.close();
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new UserError({
      what: 'Not installed, as you wished',
      fix: 'use SEATRIAL_PROVIDER=kind or kubeconfig instead',
    });
}

/** Kernel settings that kubelets change for the whole machine; `down` puts them back. */
const sysctls = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** Values of the kernel settings that kubelets change. */
export function readSysctls(): Record<string, string> {
  return Object.fromEntries(sysctls.map((name) => [name, readFileSync(`/proc/sys/${name}`, 'utf8').trim()]));
}
