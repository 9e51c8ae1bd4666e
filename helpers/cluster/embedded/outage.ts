import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { ClusterAccess } from '../provider.ts';

/** Why no node of this cluster can be stopped; undefined when it can. */
export function canStopNodes({ provider }: Pick<ClusterAccess, 'provider'>): string | undefined {
  if (provider === 'embedded') return undefined;
  return `nodes of a cluster of provider ${provider} cannot be stopped and brought back from here`;
}

/** Stopping takes as long as reading /proc, in ms. */
const STOPPED_WITHIN_MS = 10_000;

/**
 * Stops the kubelet, the container runtime and all containers of a node of the embedded cluster: to the cluster it is lost. Its network
 * stays, since clients may enter by its address. A process of its own keeps watch: when this one ends, however it ends, the node goes on.
 * @returns what lets the node go on.
 * @throws Error when the node could not be stopped; then nothing is.
 */
export async function stopNode(
  { kubeconfig }: Pick<ClusterAccess, 'kubeconfig'>,
  node: string,
): Promise<() => Promise<void>> {
  // The nodes' folders lie beside the administrator's kubeconfig, see `layout`.
  const state = join(dirname(kubeconfig), 'nodes', node);
  const watch = spawn(process.execPath, [join(import.meta.dirname, 'outage-watch.ts'), node, state], {
    // Not of this process's group: Ctrl-C must not end the watch before it has done its work.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
  });
  let said = '';
  watch.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => watch.once('exit', resolve));
  const stopped = new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(`${node} was not stopped within ${String(STOPPED_WITHIN_MS)} ms`));
    }, STOPPED_WITHIN_MS);
    watch.stdout.once('data', () => {
      clearTimeout(limit);
      resolve();
    });
    void ended.then((code) => {
      const why = /^\w*Error.*$/m.exec(said)?.[0] ?? `exit code ${String(code)}`;
      reject(new Error(`${node} could not be stopped: ${why}`));
    });
  });
  const resume = async () => {
    watch.stdin.end();
    await ended;
  };
  try {
    await stopped;
  } catch (thrown) {
    await resume();
    throw thrown;
  }
  return resume;
}
