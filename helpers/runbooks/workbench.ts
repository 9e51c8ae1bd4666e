import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ClusterAccess } from '../cluster/provider.ts';
import type { Redactor } from '../kubernetes/redact.ts';
import { writeKubeconfig } from './kubeconfig.ts';

/**
 * What runbooks may call beside kubectl and helm: what any shell of an operator has. A block that needs more than this would work on its
 * author's machine alone.
 */
const COMMANDS = [
  'bash sh env awk grep sed xargs timeout sleep date seq expr test true false',
  'cat head tail sort uniq cut tr wc tee paste join comm printf echo base64',
  'ls cp mv rm mkdir mktemp touch basename dirname diff sha256sum od nl',
].flatMap((names) => names.split(' '));

/** Folders are called after the process that made them. */
const PREFIX = 'seatrial-runbook-';

/** Where the blocks of runbooks are run, and all that they are given. */
export interface Workbench {
  /** A folder that is theirs alone. */
  folder: string;
  /** The whole environment; nothing of this process's own gets in. */
  env: Record<string, string>;
  /** Absolute path of bash. */
  bash: string;
  dispose: () => void;
}

interface WorkbenchOptions {
  access: Pick<ClusterAccess, 'kubeconfig' | 'context' | 'helm'> & { kubectl: string };
  namespace: string;
  /** Names of the releases that the target declares. */
  releases: readonly string[];
  redactor: Redactor;
  /** Commands that may be called beside the usual ones, since whatever calls them says that it needs them. */
  also?: readonly string[];
}

/** Makes a workbench. Its kubeconfig can do what the run's own context can. */
export async function makeWorkbench({
  access,
  namespace,
  releases,
  redactor,
  also = [],
}: WorkbenchOptions): Promise<Workbench> {
  removeThoseOfTheDead();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${PREFIX}${String(process.pid)}-`)));
  const dispose = () => {
    process.off('exit', dispose);
    rmSync(folder, { recursive: true, force: true });
  };
  // There are credentials in it: an abort must not leave it behind when this process ends before all is cleaned up.
  process.once('exit', dispose);
  const [bin, kubeconfig] = [join(folder, 'bin'), join(folder, 'kubeconfig')];
  for (const name of ['bin', 'home', 'tmp', 'work']) mkdirSync(join(folder, name), { mode: 0o700 });
  const commands = Object.fromEntries([...COMMANDS, ...also].map((name) => [name, find(name)]));
  for (const [name, path] of Object.entries({ ...commands, kubectl: find(access.kubectl), helm: find(access.helm) }))
    if (path !== undefined) symlinkSync(path, join(bin, name));
  await writeKubeconfig(kubeconfig, access, { namespace, redactor });
  return {
    folder,
    bash: join(bin, 'bash'),
    env: {
      PATH: bin,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      LANG: 'C.UTF-8',
      KUBECONFIG: kubeconfig,
      KUBECTL: join(bin, 'kubectl'),
      HELM: join(bin, 'helm'),
      NAMESPACE: namespace,
      ...Object.fromEntries(releases.map((name) => [`RELEASE_${shellName(name)}`, name])),
    },
    dispose,
  };
}

/** A run that was killed leaves its folder behind, with credentials in it. */
function removeThoseOfTheDead(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `custom-server` is known to blocks as `RELEASE_CUSTOM_SERVER`. */
function shellName(release: string): string {
  return release.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** Absolute path of a command; undefined when this machine has none. */
function find(command: string): string | undefined {
  if (command.includes('/')) return command;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
