import type { V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import { isDeepStrictEqual } from 'node:util';
import { isNotFound } from '../kubernetes/kube.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod, Resource, Wire } from '../kubernetes/resources.ts';
import { CannotInject, type FailureSite } from './types.ts';

/** What Deployments and StatefulSets have in common. */
export type Workload = Wire<V1Deployment> | Wire<V1StatefulSet>;
type Containers = NonNullable<NonNullable<Workload['spec']>['template']['spec']>['containers'];
export type Container = Containers[number];

/** A workload of the target, as it was found. */
export interface Found {
  /** `Kind/name`. */
  name: string;
  resource: Resource<Workload>;
  workload: Workload;
}

export type Role = 'gateway' | 'server' | 'database';

/** The workload that the target declares for this role; the gateway's is found behind the endpoint when it is not declared. */
export async function workloadOf(site: Pick<FailureSite, 'kube' | 'target'>, role: Role): Promise<Found> {
  const { failures, mcp } = site.target;
  const declared = failures?.[role];
  if (declared !== undefined) return find(site.kube, declared);
  if (role === 'gateway' && 'service' in mcp.endpoint) return behindService(site.kube, mcp.endpoint.service);
  throw new CannotInject(`the target does not say which workload is the ${role} (failures.${role})`);
}

async function find(kube: Kube, declared: string): Promise<Found> {
  const [kind, name = ''] = declared.split('/');
  const resource = (kind === 'StatefulSet' ? kinds.statefulSet : kinds.deployment) as Resource<Workload>;
  try {
    return { name: declared, resource, workload: await kube.get(resource, { name }) };
  } catch (thrown) {
    if (isNotFound(thrown)) throw new CannotInject(`there is no ${declared} in the trial namespace`);
    throw thrown;
  }
}

/** The first Deployment or StatefulSet whose pods the Service selects. */
async function behindService(kube: Kube, service: string): Promise<Found> {
  const { spec } = await kube.get(kinds.service, { name: service });
  const wanted = Object.entries(spec?.selector ?? {});
  for (const resource of [kinds.deployment, kinds.statefulSet] as Resource<Workload>[]) {
    const { items } = await kube.list(resource);
    const workload = items.find(({ spec: own }) =>
      wanted.every(([key, value]) => own?.template.metadata?.labels?.[key] === value),
    );
    if (workload !== undefined && wanted.length > 0)
      return { name: `${resource.kind}/${workload.metadata?.name ?? ''}`, resource, workload };
  }
  throw new CannotInject(`no Deployment or StatefulSet is behind Service/${service}; declare failures.gateway`);
}

/** Its pods that have neither ended nor been told to. */
export async function podsOf(kube: Kube, { workload }: Found): Promise<Pod[]> {
  const labels = Object.entries(workload.spec?.selector.matchLabels ?? {});
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const { items } = await kube.list(kinds.pod, { labelSelector });
  return items.filter(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? ''),
  );
}

/** Whether every replica is of the latest template and ready. */
export function isRolledOut({ metadata, spec, status }: Workload): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.replicas ?? 0) === wanted &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.readyReplicas ?? 0) === wanted
  );
}

/** One of its pods, the first by name. @throws CannotInject when it has none. */
export async function onePodOf(kube: Kube, found: Found): Promise<Pod> {
  const [pod] = (await podsOf(kube, found)).toSorted((a, b) => nameIn(a).localeCompare(nameIn(b)));
  if (pod === undefined) throw new CannotInject(`${found.name} has no pod`);
  return pod;
}

export function nameIn(pod: Pod): string {
  return pod.metadata?.name ?? '';
}

export function containersOf({ workload }: Found): Containers {
  return workload.spec?.template.spec?.containers ?? [];
}

/** Changes fields of the workload, with a line in the history. */
export async function patchWorkload(
  site: FailureSite,
  { name, resource, workload }: Found,
  patch: unknown,
): Promise<void> {
  site.history.write('patch', name, site.kube.namespace);
  await site.kube.patch(resource, { name: workload.metadata?.name ?? '' }, patch);
}

/** Changes the first container of its pods. */
export function patchContainer(site: FailureSite, found: Found, change: Partial<Container>): Promise<void> {
  const [first, ...others] = containersOf(found);
  if (first === undefined) throw new CannotInject(`${found.name} has no container`);
  return patchWorkload(site, found, {
    spec: { template: { spec: { containers: [{ ...first, ...change }, ...others] } } },
  });
}

/** Brings replicas and containers back to what they were when it was found; writes only when they are not. */
export async function restoreWorkload(site: FailureSite, found: Found): Promise<void> {
  const now = await site.kube.get(found.resource, { name: found.workload.metadata?.name ?? '' });
  const wanted = essence(found.workload);
  if (isDeepStrictEqual(essence(now), wanted)) return;
  await patchWorkload(site, found, {
    spec: { replicas: wanted.replicas, template: { spec: { containers: wanted.containers } } },
  });
}

function essence({ spec }: Workload): { replicas: number | undefined; containers: Containers | undefined } {
  return { replicas: spec?.replicas, containers: spec?.template.spec?.containers };
}
