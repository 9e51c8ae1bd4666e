import { rmSync, writeFileSync } from 'node:fs';
import { waitUntil } from '../../wait.ts';
import type { Progress } from '../provider.ts';
import { cgroupPids, removeCgroup } from './cgroups.ts';
import { layout } from './layout.ts';
import { existingLinks, existingNamespaces, namespacePids, removeNetwork } from './network.ts';
import type { EmbeddedOptions } from './options.ts';
import { readFacts } from './up.ts';

/** Cgroups carry the names of the nodes; nine is the most that a cluster has. */
const nodeNames = Array.from({ length: 9 }, (_, i) => `seatrial-${String(i + 1)}`);

/**
 * Takes down whatever there is of the embedded cluster, whole or half-made, and leaves nothing: no process, mount, network
 * namespace, bridge or cgroup. What belongs to the cluster is told by its network namespaces and cgroups, never by a
 * process's name, so nothing else on the machine can be hit.
 */
export async function takeDown(options: EmbeddedOptions, progress: Progress): Promise<void> {
  const cluster = layout(options);
  const facts = readFacts(cluster);
  if (facts === undefined && existingNamespaces().length === 0 && existingLinks().length === 0) return;
  progress('taking the cluster down');
  await waitUntil('every process of the cluster has ended', killAll, { timeoutMs: 30_000 });
  await removeNetwork();
  await waitUntil('the cgroups are gone', () => nodeNames.flatMap(removeCgroup).length === 0, { timeoutMs: 10_000 });
  for (const [name, value] of Object.entries(facts?.sysctls ?? {})) writeFileSync(`/proc/sys/${name}`, value);
  rmSync(cluster.state, { recursive: true, force: true });
}

/** Ends every process of the cluster that it finds; true when there is none left. */
function killAll(): boolean {
  const pids = new Set([...existingNamespaces().flatMap(namespacePids), ...nodeNames.flatMap(cgroupPids)]);
  pids.delete(process.pid);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
  return pids.size === 0;
}
