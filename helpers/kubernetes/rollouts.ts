import { HttpMethod } from '@kubernetes/client-node';
import type { Kube } from './kube.ts';
import { explainPods } from './pods.ts';
import { kinds } from './resources.ts';
import { waitFor } from './wait.ts';
import type { WaitOptions } from './wait.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';

/** Waits until all replicas of a Deployment are those that it asks for, and available; what `kubectl rollout status` waits for. */
export async function waitForRollout(kube: Kube, name: string, options: WaitOptions): Promise<void> {
  await waitFor(
    kube,
    `Deployment/${name} is rolled out`,
    { resource: kinds.deployment, selection: { namespace: kube.namespace ?? '', name } },
    ([deployment]) => {
      if (deployment === undefined) return false;
      const { metadata, spec, status } = deployment;
      const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
      const wanted = spec?.replicas ?? 1;
      const isSeen = observedGeneration >= (metadata?.generation ?? 0);
      return isSeen && [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted);
    },
    { ...options, explain: () => explainPods(kube, kube.namespace ?? '') },
  );
}

/**
 * Gives a Deployment the pods of the revision before, as `kubectl rollout undo` does: the template of the ReplicaSet with the highest
 * revision but one.
 * @returns the revision whose template it has now. @throws Error when there is none before.
 */
export async function undoRollout(kube: Kube, name: string): Promise<number> {
  const deployment = await kube.get(kinds.deployment, { name });
  const { items } = await kube.list(kinds.replicaSet);
  const revisions = items
    .filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === deployment.metadata?.uid) ?? false)
    .map((replicaSet) => ({ replicaSet, revision: Number(replicaSet.metadata?.annotations?.[REVISION] ?? 0) }))
    .toSorted((a, b) => b.revision - a.revision);
  const previous = revisions[1];
  const template = structuredClone(previous?.replicaSet.spec?.template);
  if (previous === undefined || template === undefined)
    throw new Error(`Deployment/${name} has no revision before the present one`);
  const { [TEMPLATE_HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  template.metadata = { ...template.metadata, labels };
  await kube.request(kube.path(kinds.deployment, { name }), {
    method: HttpMethod.PATCH,
    contentType: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/spec/template', value: template }],
  });
  return previous.revision;
}
