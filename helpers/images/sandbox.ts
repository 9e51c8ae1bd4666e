import { execa } from 'execa';
import { messageOf } from '../errors.ts';

/** Moment that everything in an image claims to be from (2026-01-01), so that building later gives the same bytes. */
export const EPOCH_S = 1767225600;

const ENVIRONMENT = {
  LC_ALL: 'C.UTF-8',
  SOURCE_DATE_EPOCH: String(EPOCH_S),
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Temporary files go to a memory of the command's own, mounted over this folder, so that none outlives the command. */
const TEMPORARY = '/dev/shm';

/** Ends the command when this process dies, whatever killed it, together with all its children and mounts. */
const DIES_WITH_PARENT = ['setpriv', '--pdeathsig', 'KILL', '--'];
const OWN_NAMESPACES = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Modes of created files must not depend on who builds. */
const PREPARED = ['sh', '-c', 'umask 022 && mount -t tmpfs tmpfs "$0" && exec "$@"', TEMPORARY];

/**
 * Runs a build command as root, with mounts and processes of its own, so that a build that is killed leaves nothing mounted or
 * running. Resolves with what it printed.
 * @throws Error with the end of the command's output.
 */
export async function runIsolated(
  argv: readonly string[],
  options: { signal?: AbortSignal | undefined; network: boolean },
): Promise<string> {
  const command = [
    ...DIES_WITH_PARENT,
    ...OWN_NAMESPACES,
    ...(options.network ? [] : ['--net']),
    '--',
    ...PREPARED,
    ...argv,
  ];
  const [file = '', ...args] = command;
  const result = await execa(file, args, {
    all: true,
    env: { ...ENVIRONMENT, TMPDIR: TEMPORARY },
    reject: false,
    stdin: 'ignore',
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (result.isCanceled) throw new Error(`Cancelled: ${argv[0] ?? ''}`);
  if (result.failed)
    throw new Error(`${argv.join(' ').slice(0, 300)}: ${result.all === '' ? messageOf(result) : tail(result.all)}`);
  return result.stdout;
}

/** Runs a command of the image itself, without network and with a locked-down view: its own root, processes and mounts. */
export function runInRoot(root: string, argv: readonly string[], signal?: AbortSignal): Promise<string> {
  return runIsolated(['chroot', root, 'env', '-i', ...chrootEnvironment(), ...argv], { signal, network: false });
}

/** What programs expect besides a file system; the mounts go with the command. */
const DEVICES = [
  'mount --rbind /proc "$0/proc"',
  'for device in null zero random urandom; do touch "$0/dev/$device"; mount --bind "/dev/$device" "$0/dev/$device"; done',
  'mkdir -p "$0/dev/shm"',
  'mount -t tmpfs tmpfs "$0/dev/shm"',
  'exec chroot "$0" "$@"',
].join(' && ');

/** The same with /proc and the devices that any program may use, for programs that are not Debian's own tools. */
export function runInRootWithDevices(root: string, argv: readonly string[], signal?: AbortSignal): Promise<string> {
  const command = ['sh', '-c', DEVICES, root, 'env', '-i', ...chrootEnvironment(), ...argv];
  return runIsolated(command, { signal, network: false });
}

function chrootEnvironment(): string[] {
  return Object.entries({ ...ENVIRONMENT, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/' }).map(
    ([name, value]) => `${name}=${value}`,
  );
}

function tail(output: string): string {
  return output.split('\n').slice(-20).join('\n');
}
