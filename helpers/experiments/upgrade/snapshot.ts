import type { Helm } from '../../helm/helm.ts';
import { objectsIn } from '../../kubernetes/discovery.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { kinds, nameOf } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { explainPods } from '../../kubernetes/pods.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { digest } from '../gitops/state.ts';

/** Longest that pods of an old version may take to end their calls and go, in ms: their own grace period, and some time to be seen gone. */
const SETTLE_LIMIT_MS = 180_000;
/** Helm keeps its releases in Secrets; their number grows with each revision. */
const HELM_SECRET = 'helm.sh/release.v1';

export interface PodFact {
  name: string;
  uid: string;
  images: string[];
  restarts: number;
  ready: boolean;
  /** Of a version that its workload no longer has. */
  outdated: boolean;
}

/** Waits until no pod is being stopped and all that run are ready. @throws Error naming those that are not. */
export async function waitUntilRolledOut(kube: Kube, signal: AbortSignal): Promise<void> {
  const isSettled = (pod: Pod) => hasEnded(pod) || (pod.metadata?.deletionTimestamp === undefined && isReady(pod));
  await waitFor(
    kube,
    'the pods of the old version are gone and all others ready',
    { resource: kinds.pod, selection: {} },
    (pods) => pods.length > 0 && pods.every(isSettled),
    { timeoutMs: SETTLE_LIMIT_MS, signal, explain: () => explainPods(kube, kube.namespace ?? '') },
  );
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** The pods that run for good, and whether each is of its workload's present version. */
export async function podFacts(kube: Kube): Promise<PodFact[]> {
  const [pods, replicaSets, deployments, statefulSets] = await Promise.all([
    kube.list(kinds.pod),
    kube.list(kinds.replicaSet),
    kube.list(kinds.deployment),
    kube.list(kinds.statefulSet),
  ]);
  const revisionOf = (annotations: Record<string, string> = {}) => annotations['deployment.kubernetes.io/revision'];
  const present = new Set([
    ...replicaSets.items
      .filter(({ metadata }) => {
        const owner = metadata?.ownerReferences?.[0];
        if (owner?.kind !== 'Deployment') return true;
        const deployment = deployments.items.find((candidate) => candidate.metadata?.uid === owner.uid);
        return revisionOf(deployment?.metadata?.annotations) === revisionOf(metadata?.annotations);
      })
      .map(({ metadata }) => metadata?.labels?.['pod-template-hash']),
    ...statefulSets.items.map(({ status }) => status?.updateRevision),
  ]);
  return pods.items
    .filter((pod) => !hasEnded(pod) && pod.metadata?.ownerReferences?.[0]?.kind !== 'Job')
    .map((pod) => {
      const { name = '', uid = '', labels = {} } = pod.metadata ?? {};
      const version = labels['pod-template-hash'] ?? labels['controller-revision-hash'];
      return {
        name,
        uid,
        images: (pod.spec?.containers ?? []).map(({ image = '' }) => image),
        restarts: (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
        ready: isReady(pod),
        outdated: version !== undefined && !present.has(version),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** `Kind/name` of the objects that nothing else made, but for what Helm writes down about releases: what somebody would have to clean up. */
export async function ownedByNobody(kube: Kube): Promise<string[]> {
  const found = await objectsIn(kube, kube.namespace ?? '');
  return found
    .filter(({ object }) => (object.metadata?.ownerReferences ?? []).length === 0)
    .filter(({ object }) => (object as { type?: string }).type !== HELM_SECRET)
    .map(({ resource, object }) => nameOf(resource, object))
    .sort();
}

/** What Helm says about the releases: number of the revision in force, digest of its manifest. */
export async function releaseFacts(
  helm: Helm,
  names: readonly string[],
): Promise<Record<string, { revision: number; chart: string; manifest: string }>> {
  const facts = await Promise.all(
    names.map(async (name) => {
      const deployed = (await helm.history(name)).findLast(({ status }) => status === 'deployed');
      const manifest = digest(await helm.manifest(name));
      return [name, { revision: deployed?.revision ?? 0, chart: deployed?.chart ?? '', manifest }] as const;
    }),
  );
  return Object.fromEntries(facts);
}
