import { HttpMethod, KubeConfig } from '@kubernetes/client-node';
import type { V1ClusterRole } from '@kubernetes/client-node';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { ownerMetadata, ownerOf } from '../../../helpers/kubernetes/owner.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../../helpers/kubernetes/resources.ts';
import type { Run } from '../../../helpers/run/run.ts';

/** Somebody who may do less than the administrator of the embedded cluster. */

export type Rules = NonNullable<V1ClusterRole['rules']>;

interface Binding extends KubeObject {
  roleRef: object;
  subjects: object[];
}

const bindings: Resource<Binding> = {
  kind: 'ClusterRoleBinding',
  apiVersion: 'rbac.authorization.k8s.io/v1',
  plural: 'clusterrolebindings',
  namespaced: false,
};

/** Runs `work` as a new ServiceAccount that has `granted` and nothing else; what that takes is removed afterwards. */
export async function withRights(
  granted: Rules,
  { cluster, kube, run }: { cluster: ClusterAccess; kube: Kube; run: Run },
  work: (config: KubeConfig) => Promise<void>,
): Promise<void> {
  const namespace = kube.namespace ?? '';
  const metadata = {
    generateName: 'seatrial-test-',
    ...ownerMetadata({ run: run.id, test: 'rights', owner: ownerOf(run.owner) }),
  };
  const created = await kube.create(kinds.serviceAccount, { metadata: { generateName: 'limited-' } });
  const account = { name: created.metadata?.name ?? '', namespace };
  const role = await kube.create(kinds.clusterRole, { metadata, rules: granted });
  const name = role.metadata?.name ?? '';
  const binding = await kube.create(bindings, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  try {
    const path = kube.path(kinds.serviceAccount, { name: account.name, subresource: 'token' });
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = await kube.request<{ status: { token: string } }>(path, { method: HttpMethod.POST, body });
    await work(configOf(cluster, status.token));
  } finally {
    await kube.delete(bindings, { name: binding.metadata?.name ?? '' });
    await kube.delete(kinds.clusterRole, { name });
  }
}

/** The kubeconfig of somebody with that token: a context of theirs beside one that they must not use. */
export function configOf({ kubeconfig, context }: ClusterAccess, token: string): KubeConfig {
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfig);
  const config = new KubeConfig();
  const cluster = admin.getContextObject(context)?.cluster ?? '';
  config.loadFromOptions({
    clusters: admin.getClusters(),
    users: [{ name: 'limited', token }, ...admin.getUsers()],
    contexts: [{ name: 'trials', cluster, user: 'limited' }, ...admin.getContexts()],
    currentContext: 'trials',
  });
  return config;
}
