import { accessSync, constants, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
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
  ...[
    'bash',
    'sh',
    'env',
    'awk',
    'grep',
    'sed',
    'xargs',
    'timeout',
    'sleep',
    'date',
    'seq',
    'expr',
    'test',
    'true',
    'false',
  ],
  ...[
    'cat',
    'head',
    'tail',
    'sort',
    'uniq',
    'cut',
    'tr',
    'wc',
    'tee',
    'paste',
    'join',
    'comm',
    'printf',
    'echo',
    'base64',
  ],
  ...['ls', 'cp', 'mv', 'rm', 'mkdir', 'mktemp', 'touch', 'basename', 'dirname', 'diff', 'sha256sum', 'od', 'nl'],
];

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
}

/** Makes a workbench. Its kubeconfig can do what the run's own context can. */
export async function makeWorkbench({ access, namespace, releases, redactor }: WorkbenchOptions): Promise<Workbench> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seatrial-runbook-')));
  const [bin, kubeconfig] = [join(folder, 'bin'), join(folder, 'kubeconfig')];
  for (const name of ['bin', 'home', 'tmp', 'work']) mkdirSync(join(folder, name), { mode: 0o700 });
  const commands = Object.fromEntries(COMMANDS.map((name) => [name, find(name)]));
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
    dispose: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
