import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { explainHelm } from './explain.ts';
import type { Attempt } from './explain.ts';

/** What every call of helm needs. */
export interface HelmSetup {
  /** The helm command. */
  binary: string;
  /** Folder for helm's own configuration, cache and data, so that the person's stay untouched. */
  home: string;
  /** Which cluster; what needs none leaves it out. */
  cluster?: { kubeconfig: string; context: string; namespace: string };
}

interface RunOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Runs helm without a shell, with an environment of its own.
 * @returns what it printed.
 * @throws UserError when the input is at fault, else Error with helm's words.
 */
export async function runHelm(
  setup: HelmSetup,
  args: readonly string[],
  attempt: Attempt,
  options: RunOptions = {},
): Promise<string> {
  const { failed, stdout, words } = await tryHelm(setup, args, options);
  if (!failed) return stdout;
  throw explainHelm(words, attempt) ?? new Error(`helm ${attempt.action} failed (${attempt.where}): ${words}`);
}

/**
 * What helm may take for a chart alone, without a cluster, in ms. A chart may come over a slow line; and templates are programs: one that
 * never ends must not go on when the run is over.
 */
const LOCAL_LIMIT_MS = 5 * 60_000;

/** A cluster stores no release that is larger than a MiB; a chart that renders to more than this, in characters, means harm. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/** Advice of helm that leads nowhere here. */
const HINT = /^Use --debug flag to render out invalid YAML$/m;

/** The same for commands whose failure is an answer: `words` is what helm said. */
export async function tryHelm(
  { binary, home, cluster }: HelmSetup,
  args: readonly string[],
  { signal }: RunOptions = {},
): Promise<{ failed: boolean; stdout: string; words: string }> {
  const flags =
    cluster === undefined
      ? []
      : ['--kubeconfig', cluster.kubeconfig, '--kube-context', cluster.context, '--namespace', cluster.namespace];
  const { failed, stdout, stderr, shortMessage, isMaxBuffer, timedOut } = await execa(binary, [...args, ...flags], {
    env: environment(home, cluster !== undefined),
    extendEnv: false,
    reject: false,
    maxBuffer: MOST_OUTPUT,
    ...(cluster === undefined ? { timeout: LOCAL_LIMIT_MS } : {}),
    stdin: 'ignore',
    // Helm answers SIGTERM by cleaning up; it gets a while for that.
    forceKillAfterDelay: 10_000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  const itsOwn = isMaxBuffer || timedOut ? [] : [stderr, stdout];
  const said = [...itsOwn, shortMessage ?? ''].map((text) => text.replace(HINT, '').trim());
  return { failed, stdout, words: said.find((text) => text !== '') ?? '' };
}

/** Where a person keeps the logins for registries; everything else of helm's own in the environment is left behind. */
const KEPT = 'HELM_REGISTRY_CONFIG';

/**
 * The environment of this process without helm's own settings: `HELM_KUBEAPISERVER` and its like would send it to another cluster than the
 * one that it is given, whatever the allow-list says, and plug-ins would run. Without a cluster helm must not find one either: a chart that
 * asks for one is then rendered the same everywhere.
 */
function environment(home: string, withCluster: boolean): NodeJS.ProcessEnv {
  const folders = { HELM_CONFIG_HOME: 'config', HELM_CACHE_HOME: 'cache', HELM_DATA_HOME: 'data' };
  for (const name of Object.values(folders)) mkdirSync(join(home, name), { recursive: true });
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HELM_') || name === KEPT)),
    ...Object.fromEntries(Object.entries(folders).map(([key, name]) => [key, join(home, name)])),
    HELM_PLUGINS: join(home, 'no-plugins'),
    ...(withCluster ? {} : { KUBECONFIG: join(home, 'no-cluster') }),
  };
}
