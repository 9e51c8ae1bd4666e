import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import { messageOf, UserError } from '../../errors.ts';
import type { Progress } from '../provider.ts';
import type { EmbeddedOptions } from './options.ts';

/** Debian packages with the commands that nodes and image builds need. None of them starts a service. */
const installed: Record<string, string> = {
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iptables: '/usr/sbin/iptables',
  nftables: '/usr/sbin/nft',
  conntrack: '/usr/sbin/conntrack',
  iproute2: '/usr/bin/nsenter',
  mmdebstrap: '/usr/bin/mmdebstrap',
  'python3-pip': '/usr/bin/pip3',
  // Ubuntu does not trust Debian's archive by itself; images are made of Debian's packages.
  'debian-archive-keyring': '/usr/share/keyrings/debian-archive-keyring.gpg',
};

/**
 * Debian packages that are unpacked into the cache instead: installing docker-registry would start a service, and runc would push out
 * the one that comes with a Docker Engine.
 */
const unpacked = {
  'docker-registry': 'usr/bin/docker-registry',
  runc: 'usr/sbin/runc',
  'busybox-static': 'bin/busybox',
};

/** Folder of the unpacked packages. */
export function debianFolder(cacheFolder: string): string {
  return join(cacheFolder, 'debian');
}

/**
 * Installs what is missing after saying so, and unpacks the rest into the cache. apt verifies every package's signature.
 * @returns the folder in which the others are unpacked.
 */
export async function installPackages(options: EmbeddedOptions, progress: Progress): Promise<string> {
  await installMissing(installed, options, progress);
  return unpackPackages(options.cacheFolder, progress);
}

/** Installs those of the Debian packages whose file is not there, after saying so. */
export async function installMissing(
  packages: Readonly<Record<string, string>>,
  { assumeYes }: Pick<EmbeddedOptions, 'assumeYes'>,
  progress: Progress,
): Promise<void> {
  const missing = Object.entries(packages).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  if (missing.length > 0) {
    progress(
      `to be installed on this machine by apt-get: ${missing.join(', ')} (to undo: apt-get remove ${missing.join(' ')})`,
    );
    if (!assumeYes) await confirm();
    await apt(['install', '-y', '-q', '--no-install-recommends', '--no-remove', ...missing], '/');
  }
}

async function unpackPackages(cacheFolder: string, progress: Progress): Promise<string> {
  const folder = debianFolder(cacheFolder);
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
