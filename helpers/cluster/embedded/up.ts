import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from '../../format.ts';
import type { ClusterAccess, Progress } from '../provider.ts';
import { awaitDns, awaitNodes, createAddons } from './addons.ts';
import { buildParts } from './build.ts';
import { makeControlPlaneFiles, startApiServer, startControllers } from './control-plane.ts';
import { pushAddonImages, pushPauseImage } from './images.ts';
import { contextName, layout, nodeLayout, registryName, type Layout } from './layout.ts';
import { checkMachine, readSysctls } from './machine.ts';
import { makeNetwork } from './network.ts';
import { joinNode, startNode } from './node.ts';
import type { EmbeddedOptions } from './options.ts';
import { installPackages } from './packages.ts';
import { versions } from './parts.ts';
import { startRegistry } from './registry.ts';

/** What is known of the cluster on this machine; written before anything is made, so that a killed start can be undone. */
export interface ClusterFacts {
  phase: 'starting' | 'up';
  network: string;
  nodes: number;
  /** Kept until `cluster down`, since a person brought it up; else it ends with its last user. */
  kept: boolean;
  /** Kernel settings as they were before. */
  sysctls: Record<string, string>;
  access?: ClusterAccess;
}

export function readFacts({ facts }: Pick<Layout, 'facts'>): ClusterFacts | undefined {
  try {
    return JSON.parse(readFileSync(facts, 'utf8')) as ClusterFacts;
  } catch {
    return undefined;
  }
}

/** Brings the cluster up from nothing; the caller holds the lock and has removed what was left of an earlier one. */
export async function bringUp(
  options: EmbeddedOptions,
  { kept, reason, progress }: { kept: boolean; reason: string; progress: Progress },
): Promise<ClusterAccess> {
  const started = performance.now();
  await checkMachine(options);
  const cluster = layout(options);
  const nodes = Array.from({ length: options.nodes }, (_, i) => nodeLayout(cluster, options.network, i + 1));
  const [first] = nodes;
  if (first === undefined) throw new Error('a cluster needs a node');
  mkdirSync(cluster.state, { recursive: true });
  const facts: ClusterFacts = {
    phase: 'starting',
    network: options.network,
    nodes: options.nodes,
    kept,
    sysctls: readSysctls(),
  };
  const save = () => {
    writeFileSync(cluster.facts, JSON.stringify(facts, undefined, 2));
  };
  save();

  const debian = await installPackages(options, progress);
  const binaries = buildParts({ cacheFolder: options.cacheFolder, progress });
  // Errors of parts that nobody awaits yet must not end the process; whoever needs the part gets them.
  for (const built of Object.values(binaries)) built.catch(() => undefined);
  const crane = join(await binaries.crane, 'crane');

  progress(
    `starting ${String(options.nodes)} nodes (Kubernetes ${versions.kubernetes}, containerd ${versions.containerd})`,
  );
  await makeNetwork(cluster, nodes);
  const authority = await makeControlPlaneFiles(cluster, first);
  const kubernetes = await binaries.kubernetes;
  const registry = startRegistry(cluster, debian);
  const context = {
    cluster,
    authority,
    apiServer: first.address,
    bin: {
      kubernetes,
      containerd: await binaries.containerd,
      pause: await binaries.pause,
      runc: join(debian, 'usr/sbin'),
    },
  };
  await Promise.all([startApiServer(cluster, first, kubernetes), ...nodes.map((node) => startNode(node, context))]);
  progress(`the API server is ready after ${seconds(performance.now() - started)}`);
  startControllers(cluster, first, kubernetes);
  const push = await registry;
  await pushPauseImage(push, { pause: context.bin.pause, crane }, progress);
  for (const node of nodes) joinNode(node, context);
  const images = await pushAddonImages(
    push,
    { crane, debian, coredns: await binaries.coredns, provisioner: await binaries['local-path-provisioner'] },
    progress,
  );
  await createAddons(cluster, images, options.nodes);
  await Promise.all([awaitNodes(cluster, options.nodes), awaitDns(cluster)]);
  progress(`${String(options.nodes)} nodes are Ready and DNS answers after ${seconds(performance.now() - started)}`);

  facts.access = {
    provider: 'embedded',
    reason,
    kubeconfig: cluster.kubeconfig,
    context: contextName,
    kubernetesVersion: versions.kubernetes,
    registry: { push, pull: registryName },
    helm: join(await binaries.helm, 'helm'),
    crane,
    parts: ['storage', 'registry'],
  };
  facts.phase = 'up';
  save();
  return facts.access;
}
