import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { withClusterLock } from '../lock.ts';
import { dropLease, liveLeases, processStartTime, takeLease } from '../leases.ts';
import type { ClusterAccess, ClusterProvider, Progress } from '../provider.ts';
import { isReady } from './control-plane.ts';
import { takeDown } from './down.ts';
import { layout, nodeLayout, type Layout } from './layout.ts';
import { ensureEmbeddedParts } from './on-demand.ts';
import type { EmbeddedOptions } from './options.ts';
import { bringUp, readFacts, type ClusterFacts } from './up.ts';

/** The cluster that Seatrial builds and runs itself: real Kubernetes, each node in namespaces of its own on this machine. */
export function embeddedProvider(options: EmbeddedOptions): ClusterProvider {
  const cluster = layout(options);
  return {
    name: 'embedded',
    detect: () => Promise.resolve(detect()),
    acquire: ({ owner, progress }) =>
      withClusterLock(cluster.lock, progress, async () => {
        // Before anything is made, so that a start that is killed half-way is cleaned up as well.
        takeLease(cluster.leases, owner);
        startGuardian(options, owner);
        return joinOrBringUp(options, { kept: options.keepCluster, reason: detect().reason, progress });
      }),
    ensureParts: (_access, parts, { progress }) => ensureEmbeddedParts(options, parts, progress),
    release: ({ owner, progress }) => withClusterLock(cluster.lock, progress, () => leave(options, owner, progress)),
  };
}

function detect(): { usable: boolean; reason: string } {
  if (process.platform !== 'linux') return { usable: false, reason: 'the embedded cluster needs Linux' };
  if (process.getuid?.() !== 0) return { usable: false, reason: 'the embedded cluster needs root' };
  return { usable: true, reason: 'Linux and root: Seatrial builds and runs its own Kubernetes' };
}

/** Uses the cluster that is up and well; else removes what is left of one and brings a new one up. The caller holds the lock. */
export async function joinOrBringUp(
  options: EmbeddedOptions,
  { kept, reason, progress }: { kept: boolean; reason: string; progress: Progress },
): Promise<ClusterAccess> {
  const facts = readFacts(layout(options));
  if (facts?.access !== undefined && (await isHealthy(facts, options))) {
    if (facts.nodes !== options.nodes)
      progress(
        `a cluster with ${String(facts.nodes)} nodes is up already and is used as it is (${String(options.nodes)} were asked for)`,
      );
    return facts.access;
  }
  if (facts !== undefined) progress('an earlier cluster was not taken down properly: removing what is left of it');
  await takeDown(options, progress);
  try {
    return await bringUp(options, { kept, reason, progress });
  } catch (thrown) {
    // Half a cluster is of no use to anybody, but its logs are.
    progress('the cluster did not come up: removing it again');
    const failure =
      thrown instanceof UserError
        ? thrown
        : new Error(`The embedded cluster did not come up: ${String(thrown)}`, { cause: thrown });
    await takeDown(options, progress);
    throw failure;
  }
}

/** Up, every node's first process alive, and the API server ready. */
export async function isHealthy(facts: ClusterFacts, options: EmbeddedOptions): Promise<boolean> {
  if (facts.phase !== 'up') return false;
  const cluster: Layout = layout({ ...options, network: facts.network });
  const nodes = Array.from({ length: facts.nodes }, (_, i) => nodeLayout(cluster, facts.network, i + 1));
  const alive = nodes.every(
    ({ initPid }) => existsSync(initPid) && processStartTime(Number(readFileSync(initPid, 'utf8'))) !== undefined,
  );
  return alive && (await isReady(nodes[0]?.address ?? ''));
}

/** Gives the lease of `owner` back; the last one out takes a cluster down that nobody asked to keep. */
async function leave(options: EmbeddedOptions, owner: number, progress: Progress): Promise<void> {
  const { leases, facts } = layout(options);
  dropLease(leases, owner);
  if (readFacts({ facts })?.kept === false && liveLeases(leases).length === 0) await takeDown(options, progress);
}

/** A process that outlives its owner, should that be killed, and gives back the lease in its stead. */
function startGuardian(options: EmbeddedOptions, owner: number): void {
  const script = join(import.meta.dirname, 'guardian.ts');
  spawn(process.execPath, [script, String(owner), JSON.stringify(options)], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  }).unref();
}
