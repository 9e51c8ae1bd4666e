import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { DaemonSet, Deployment } from '../kubernetes/resources.ts';

interface Named {
  namespace: string;
  name: string;
}

/** Whether all replicas are of the newest generation and ready. Pure. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) >= wanted &&
    (status?.readyReplicas ?? 0) >= wanted &&
    (status?.replicas ?? 0) <= wanted
  );
}

/** Whether every node that should run a pod of the newest generation runs one that is ready. Pure. */
export function isOnEveryNode({ metadata, status }: DaemonSet): boolean {
  const wanted = status?.desiredNumberScheduled ?? 0;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    wanted > 0 &&
    (status?.updatedNumberScheduled ?? 0) >= wanted &&
    (status?.numberReady ?? 0) >= wanted
  );
}

export async function deploymentIsReady(kube: Kube, where: Named): Promise<boolean> {
  return isRolledOut(await kube.get(kinds.deployment, where));
}

export async function daemonSetIsReady(kube: Kube, where: Named): Promise<boolean> {
  return isOnEveryNode(await kube.get(kinds.daemonSet, where));
}
