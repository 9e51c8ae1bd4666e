import { writeFileSync } from 'node:fs';
import { seconds } from '../../format.ts';
import { withClusterLock } from '../lock.ts';
import type { ClusterAccess, ClusterPart, Progress } from '../provider.ts';
import { argoRollouts } from './argo-rollouts.ts';
import { flux } from './flux.ts';
import { istio } from './istio.ts';
import { kubectl } from './kubectl.ts';
import { layout, type Layout } from './layout.ts';
import { loadBalancer } from './metallb.ts';
import { metrics } from './metrics-server.ts';
import { prometheus } from './monitoring.ts';
import type { EmbeddedOptions } from './options.ts';
import { readFacts, type ClusterFacts } from './up.ts';

/** What a part is installed with. */
export interface PartContext {
  options: EmbeddedOptions;
  cluster: Layout;
  access: ClusterAccess;
  progress: Progress;
}

/** A part that is added to the running cluster when an experiment needs it: who does not need it does not wait for it. */
export interface OnDemandPart {
  /** Seconds that it takes on two cores when nothing of it is in the cache, and when everything is: only for telling people. */
  expectedSeconds: { cold: number; warm: number };
  /** Makes what the part consists of and touches no cluster; it may take minutes, so nobody is locked out meanwhile. */
  prepare(context: Omit<PartContext, 'access'>): Promise<void>;
  /**
   * Puts it on the cluster and returns when it works. May find what an attempt that was cut off left there.
   * @returns what the cluster offers from now on.
   */
  install(context: PartContext): Promise<Partial<ClusterAccess>>;
}

/** Every part that can be added. The others are there from the start, or not at all. */
const onDemand: Partial<Record<ClusterPart, OnDemandPart>> = {
  flux,
  istio,
  'argo-rollouts': argoRollouts,
  kubectl,
  'load-balancer': loadBalancer,
  metrics,
  prometheus,
};

/** Adds what is wanted, missing and known to the cluster that is up, once for all who share it. */
export async function ensureEmbeddedParts(
  options: EmbeddedOptions,
  wanted: readonly ClusterPart[],
  progress: Progress,
): Promise<ClusterAccess> {
  const { facts: file, lock } = layout(options);
  const up = accessIn(readFacts({ facts: file }));
  const missing = missingParts(wanted, up.access);
  if (missing.length === 0) return up.access;
  const context = { options, cluster: layout({ ...options, network: up.network }), progress };
  for (const { name, part } of missing) {
    const { cold, warm } = part.expectedSeconds;
    progress(`adding ${name} to the cluster: about ${String(warm)} s, the first time on a machine ${String(cold)} s`);
    await part.prepare(context);
  }
  return withClusterLock(lock, progress, async () => {
    let facts = accessIn(readFacts({ facts: file }));
    for (const { name, part } of missingParts(wanted, facts.access)) {
      const started = performance.now();
      const added = await part.install({ ...context, access: facts.access });
      facts = { ...facts, access: { ...facts.access, ...added, parts: [...facts.access.parts, name] } };
      writeFileSync(file, JSON.stringify(facts, undefined, 2));
      progress(`${name} works after ${seconds(performance.now() - started)}`);
    }
    return facts.access;
  });
}

function missingParts(
  wanted: readonly ClusterPart[],
  { parts }: ClusterAccess,
): { name: ClusterPart; part: OnDemandPart }[] {
  return wanted.flatMap((name) => {
    const part = parts.includes(name) ? undefined : onDemand[name];
    return part === undefined ? [] : [{ name, part }];
  });
}

function accessIn(facts: ClusterFacts | undefined): ClusterFacts & { access: ClusterAccess } {
  if (facts?.access === undefined) throw new Error('the embedded cluster is not up any more');
  return { ...facts, access: facts.access };
}
