import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError, type Mistake } from '../../errors.ts';
import type { EmbeddedOptions } from './options.ts';

/** GiB: sources, builds and images of a first start; images and logs of a later one. */
const neededDiskGiB = { cold: 12, warm: 4 };

/** What has to be known of a machine to say whether the embedded cluster can work on it. */
export interface MachineFacts {
  platform: string;
  /** Undefined where users have no numbers. */
  userId: number | undefined;
  hasApt: boolean;
  /** GiB that are free, by folder. */
  freeGiB: Record<string, number>;
  /** Whether the cache has builds already. */
  warm: boolean;
  /** A route that overlaps with the cluster's network. */
  conflictingRoute: string | undefined;
}

/**
 * Refuses machines on which the embedded cluster cannot work, before anything is touched.
 * @throws UserError that names everything that is wrong at once.
 */
export async function checkMachine(options: EmbeddedOptions): Promise<void> {
  const [first, ...rest] = machineMistakes(await readMachine(options), options);
  if (first !== undefined) throw new UserError(first, ...rest);
}

/** What is wrong with a machine, with the fix for each. Pure. */
export function machineMistakes(machine: MachineFacts, { network }: Pick<EmbeddedOptions, 'network'>): Mistake[] {
  const elsewhere = 'use kind or a cluster of your own (SEATRIAL_PROVIDER)';
  const mistakes: Mistake[] = [];
  if (machine.platform !== 'linux') {
    return [
      { what: `The embedded cluster needs Linux, this is ${machine.platform}`, where: 'this machine', fix: elsewhere },
    ];
  }
  if (machine.userId !== 0) {
    mistakes.push({
      what: 'The embedded cluster needs root: it makes network namespaces and cgroups',
      where: `user id ${machine.userId === undefined ? 'unknown' : String(machine.userId)}`,
      fix: `run with sudo -E, or ${elsewhere}`,
    });
  }
  if (!machine.hasApt) {
    mistakes.push({
      what: 'The embedded cluster takes runc, CNI plugins and tools from Debian packages, and there is no apt-get',
      where: '/usr/bin/apt-get',
      fix: `run on Debian 12 or Ubuntu 22.04 or later, or ${elsewhere}`,
    });
  }
  const needed = machine.warm ? neededDiskGiB.warm : neededDiskGiB.cold;
  for (const [folder, free] of Object.entries(machine.freeGiB)) {
    if (free >= needed) continue;
    mistakes.push({
      what: `${free.toFixed(1)} GiB are free, ${String(needed)} GiB are needed`,
      where: folder,
      fix: 'free some disk, or point SEATRIAL_CACHE and SEATRIAL_STATE elsewhere',
    });
  }
  if (machine.conflictingRoute !== undefined) {
    mistakes.push({
      what: `This machine already routes ${machine.conflictingRoute}, which overlaps with the cluster's ${network}.0.0/16`,
      where: 'SEATRIAL_NETWORK',
      fix: 'choose another private /16, for example SEATRIAL_NETWORK=10.213',
    });
  }
  return mistakes;
}

async function readMachine({ cacheFolder, stateFolder, network }: EmbeddedOptions): Promise<MachineFacts> {
  return {
    platform: process.platform,
    userId: process.getuid?.(),
    hasApt: existsSync('/usr/bin/apt-get'),
    freeGiB: Object.fromEntries([cacheFolder, stateFolder].map((folder) => [folder, freeGiB(folder)])),
    warm: existsSync(join(cacheFolder, 'bin')),
    conflictingRoute: await conflictingRoute(network),
  };
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
