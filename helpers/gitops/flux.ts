import { fluxControllersOf } from '../cluster/flux.ts';
import { isNotFound } from '../kubernetes/kube.ts';
import type { KubeObject, Resource } from '../kubernetes/resources.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { BranchSource, EngineContext, GitOpsEngine } from './engine.ts';
import { fluxKinds, stagesOf, statusOf } from './flux-status.ts';
import type { FluxObject, FluxSnapshot } from './flux-status.ts';

/** Name of the objects that make Flux follow the branch. */
const NAME = 'desired-state';
/** The ServiceAccount by which Flux acts in the namespace. */
const ACCOUNT = 'gitops';
const CREDENTIALS = 'git-credentials';

const roleBinding: Resource = {
  kind: 'RoleBinding',
  apiVersion: 'rbac.authorization.k8s.io/v1',
  plural: 'rolebindings',
  namespaced: true,
};

/**
 * Flux: a GitRepository and a Kustomization in the namespace. Both act with the rights of a ServiceAccount that administers this namespace
 * and nothing else, so that no desired state can write outside of it.
 */
export function flux({ kube, onWrite }: EngineContext): GitOpsEngine {
  const create = async (resource: Resource, object: KubeObject) => {
    onWrite('create', `${resource.kind}/${object.metadata?.name ?? ''}`);
    await kube.create(resource, object);
  };
  const patch = async (verb: string, resource: Resource<FluxObject>, object: string, change: object) => {
    onWrite(verb, `${resource.kind}/${object}`);
    await kube.patch(resource, { name: object }, change);
  };
  const suspension = (suspend: boolean) =>
    patch(suspend ? 'suspend' : 'resume', fluxKinds.kustomization, NAME, { spec: { suspend } });

  return {
    name: 'flux',
    placeholders: { source: NAME, serviceAccount: ACCOUNT },
    version: async () => Object.fromEntries((await fluxControllersOf(kube)).map(({ name, image }) => [name, image])),

    async follow(source) {
      await create(kinds.serviceAccount, { metadata: { name: ACCOUNT } });
      await create(roleBinding, administrator(kube.namespace ?? ''));
      if (source.credentials !== undefined) {
        const { username, password } = source.credentials;
        await create(kinds.secret, {
          metadata: { name: CREDENTIALS },
          stringData: { username, password },
        } as KubeObject);
      }
      await create(fluxKinds.gitRepository, gitRepository(source));
      await create(fluxKinds.kustomization, kustomization(source, kube.namespace ?? ''));
    },
    ask: () =>
      patch('ask', fluxKinds.gitRepository, NAME, {
        metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': new Date().toISOString() } },
      }),
    stages: async (commit) => stagesOf(await snapshot(kube), commit),
    status: async () => statusOf(await snapshot(kube)),
    suspend: () => suspension(true),
    resume: () => suspension(false),
    async forget() {
      const { kustomization: top, releases } = await snapshot(kube);
      if (top !== undefined) await suspension(true);
      for (const { metadata } of releases)
        await patch('suspend', fluxKinds.helmRelease, metadata?.name ?? '', { spec: { suspend: true } });
    },
  };
}

async function snapshot(kube: EngineContext['kube']): Promise<FluxSnapshot> {
  const one = async (resource: Resource<FluxObject>) => {
    try {
      return await kube.get(resource, { name: NAME });
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined;
      throw thrown;
    }
  };
  const [source, top, charts, releases] = await Promise.all([
    one(fluxKinds.gitRepository),
    one(fluxKinds.kustomization),
    kube.list(fluxKinds.helmChart),
    kube.list(fluxKinds.helmRelease),
  ]);
  return { source, kustomization: top, charts: charts.items, releases: releases.items };
}

/** `admin` is Kubernetes' own role for who owns a namespace; Flux adds its kinds to it. */
function administrator(namespace: string): KubeObject {
  return {
    metadata: { name: ACCOUNT },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }],
  } as KubeObject;
}

function gitRepository({ url, branch, credentials }: BranchSource): FluxObject {
  return {
    metadata: { name: NAME },
    spec: {
      url,
      ref: { branch },
      interval: '30s',
      timeout: '20s',
      ...(credentials === undefined ? {} : { secretRef: { name: CREDENTIALS } }),
    },
  };
}

function kustomization({ path }: BranchSource, namespace: string): FluxObject {
  return {
    metadata: { name: NAME },
    spec: {
      sourceRef: { kind: fluxKinds.gitRepository.kind, name: NAME },
      path: `./${path}`,
      // What stands in no namespace, or in another one, is put into this one.
      targetNamespace: namespace,
      serviceAccountName: ACCOUNT,
      prune: true,
      interval: '1m',
      retryInterval: '15s',
      timeout: '2m',
    },
  };
}
