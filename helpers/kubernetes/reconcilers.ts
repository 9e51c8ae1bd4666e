import { HttpMethod } from '@kubernetes/client-node';
import { isNotFound, KubeError } from './kube.ts';
import type { Kube } from './kube.ts';
import type { KubeObject, Resource } from './resources.ts';

/** Objects by which a controller deploys others, and for whose end it waits until it has taken all of them down again. */
const reconcilers: readonly Resource[] = [
  { kind: 'Kustomization', apiVersion: 'kustomize.toolkit.fluxcd.io/v1', plural: 'kustomizations', namespaced: true },
  { kind: 'HelmRelease', apiVersion: 'helm.toolkit.fluxcd.io/v2', plural: 'helmreleases', namespaced: true },
];

/** Objects whose controller keeps files for them, and removes these when they end. */
const sources: readonly Resource[] = [
  { kind: 'GitRepository', apiVersion: 'source.toolkit.fluxcd.io/v1', plural: 'gitrepositories', namespaced: true },
  { kind: 'HelmChart', apiVersion: 'source.toolkit.fluxcd.io/v1', plural: 'helmcharts', namespaced: true },
];

/**
 * Lets what deploys into a namespace that is ending go at once. All of it goes with the namespace anyway, while a controller in the middle
 * of an installation would hold the namespace for as long as that installation may take. Sources are asked to end in their own way.
 */
export async function releaseReconcilers(kube: Kube, namespace: string): Promise<void> {
  // Asked to end first: to an object that is not ending its controller would add the finalizer again.
  await Promise.all(
    [...reconcilers, ...sources].map((resource) =>
      ifThere(kube.request(kube.path(resource, { namespace }), { method: HttpMethod.DELETE })),
    ),
  );
  for (const resource of reconcilers) {
    for (const { metadata } of await listed(kube, resource, namespace)) {
      if ((metadata?.finalizers ?? []).length === 0) continue;
      const where = { namespace, name: metadata?.name ?? '' };
      await ifThere(kube.patch(resource, where, { metadata: { finalizers: [] } }));
    }
  }
}

async function listed(kube: Kube, resource: Resource, namespace: string): Promise<KubeObject[]> {
  return (await ifThere(kube.list(resource, { namespace })))?.items ?? [];
}

/** Undefined where the cluster does not know the kind, or the person may not use it: then the trial has not used it either. */
async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (isNotFound(thrown) || (thrown instanceof KubeError && thrown.status === 403)) return undefined;
    throw thrown;
  }
}
