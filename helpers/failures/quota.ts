import { isNotFound } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Resource } from '../kubernetes/resources.ts';
import type { FailureSite, Inject } from './types.ts';
import { nameIn, onePodOf, workloadOf } from './workload.ts';

export const resourceQuota: Resource = {
  kind: 'ResourceQuota',
  apiVersion: 'v1',
  plural: 'resourcequotas',
  namespaced: true,
};

const NAME = 'seatrial-quota';

/** The namespace may hold fewer pods than it does, and one of the gateway goes: none can take its place. */
export const quotaReached: Inject = async (site) => {
  const { kube, history } = site;
  const gateway = await workloadOf(site, 'gateway');
  const pod = await onePodOf(kube, gateway);
  const { items } = await kube.list(kinds.pod);
  const pods = items.filter(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? ''),
  );
  // One less than there are: once the pod has gone, the namespace is exactly full.
  const hard = { pods: String(pods.length - 1) };
  history.write('create', `${resourceQuota.kind}/${NAME}`, kube.namespace);
  await kube.create(resourceQuota, { metadata: { name: NAME }, spec: { hard } } as { metadata: { name: string } });
  history.write('delete', `Pod/${nameIn(pod)}`, kube.namespace);
  await kube.delete(kinds.pod, { name: nameIn(pod) });
  return {
    detail: { object: `Pod/${nameIn(pod)}`, quota: `${resourceQuota.kind}/${NAME}`, hard },
    mayDiffer: [`${resourceQuota.kind}/${NAME}`],
    undo: () => removeQuota(site),
  };
};

async function removeQuota({ kube, history }: FailureSite): Promise<void> {
  try {
    await kube.get(resourceQuota, { name: NAME });
    history.write('delete', `${resourceQuota.kind}/${NAME}`, kube.namespace);
    await kube.delete(resourceQuota, { name: NAME });
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
  }
}
