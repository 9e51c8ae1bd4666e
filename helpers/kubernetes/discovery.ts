import type { Kube } from './kube.ts';
import { nameOf } from './resources.ts';
import type { KubeObject, Resource } from './resources.ts';

interface ResourceList {
  groupVersion: string;
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

/**
 * Every kind that the API server knows and that can be listed and deleted, custom resources too. A group whose server does not answer
 * (an aggregated API that is down) is left out: it could not be listed either.
 */
export async function discover(kube: Kube, { namespaced }: { namespaced: boolean }): Promise<Resource[]> {
  const { groups } = await kube.request<{ groups: { preferredVersion: { groupVersion: string } }[] }>('/apis');
  const paths = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const lists = await Promise.allSettled(paths.map((path) => kube.request<ResourceList>(path)));
  return lists
    .flatMap((list) => (list.status === 'fulfilled' ? [list.value] : []))
    .flatMap(({ groupVersion, resources }) =>
      resources
        .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list') && verbs.includes('delete'))
        .map(({ name, kind, namespaced }) => ({ kind, apiVersion: groupVersion, plural: name, namespaced })),
    )
    .filter((resource) => resource.namespaced === namespaced);
}

/** Kinds that say nothing about what a release left: they come and go by themselves. */
const PASSING = ['events', 'endpoints', 'endpointslices', 'podmetrics', 'leases', 'controllerrevisions'];

/** An object together with its kind. */
export interface Found {
  resource: Resource;
  object: KubeObject;
}

/** All objects of a namespace, but for passing ones such as events. Kinds that may not be listed are left out. */
export async function objectsIn(kube: Kube, namespace: string): Promise<Found[]> {
  const resources = (await discover(kube, { namespaced: true })).filter(({ plural }) => !PASSING.includes(plural));
  return listAll(kube, resources, { namespace });
}

/** All objects of the given kinds that match. */
export async function listAll(
  kube: Kube,
  resources: Resource[],
  selection: { namespace?: string; labelSelector?: string },
): Promise<Found[]> {
  const lists = await Promise.allSettled(resources.map((resource) => kube.list(resource, selection)));
  const found = lists.flatMap((list, index) => {
    const resource = resources[index];
    return list.status === 'fulfilled' && resource ? list.value.items.map((object) => ({ resource, object })) : [];
  });
  // The same object may be served by two groups (Event); its uid tells.
  return [...new Map(found.map((entry) => [entry.object.metadata?.uid, entry])).values()];
}

/** `Pod/x (finalizers: a, b)`: what a person needs to know about an object that is still there. */
export function describeLeftover({ resource, object }: Found): string {
  const finalizers = object.metadata?.finalizers ?? [];
  return nameOf(resource, object) + (finalizers.length === 0 ? '' : ` (finalizers: ${finalizers.join(', ')})`);
}
