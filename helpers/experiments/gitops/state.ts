import { createHash } from 'node:crypto';
import type { Kube } from '../../kubernetes/kube.ts';
import { kinds, nameOf } from '../../kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';
import type { McpClient } from '../../mcp/client.ts';

/** Digests of what a namespace serves and is configured with, by part. What changes by itself (status, addresses, versions of objects) is left out. */
export type StateDigests = Record<string, string>;

/** Names, generations and pods of the workloads of a namespace: whatever rolls or scales one shows. */
export async function workloadsOf(kube: Kube): Promise<StateDigests> {
  const [deployments, statefulSets] = await Promise.all([kube.list(kinds.deployment), kube.list(kinds.statefulSet)]);
  const generations = <T extends KubeObject>(resource: Resource<T>, objects: T[]) =>
    parts(resource, objects, ({ metadata }) => metadata?.generation);
  return { ...generations(kinds.deployment, deployments.items), ...generations(kinds.statefulSet, statefulSets.items) };
}

/** Tools as clients see them, configuration, workloads and their pods' specification, Services. */
export async function stateOf(kube: Kube, client: McpClient): Promise<StateDigests> {
  const [tools, configMaps, deployments, statefulSets, services] = await Promise.all([
    client.listTools(),
    kube.list(kinds.configMap),
    kube.list(kinds.deployment),
    kube.list(kinds.statefulSet),
    kube.list(kinds.service),
  ]);
  const sorted = tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...Object.fromEntries(sorted.map((tool) => [`Tool/${tool.name}`, digest(tool)])),
    ...parts(kinds.configMap, configMaps.items, ({ data }) => data),
    ...parts(kinds.deployment, deployments.items, ({ spec }) => ({
      replicas: spec?.replicas,
      template: spec?.template,
    })),
    ...parts(kinds.statefulSet, statefulSets.items, ({ spec }) => ({
      replicas: spec?.replicas,
      template: spec?.template,
    })),
    ...parts(kinds.service, services.items, ({ spec }) => ({
      type: spec?.type,
      selector: spec?.selector,
      ports: spec?.ports?.map(({ name, port, targetPort }) => ({ name, port, targetPort })),
    })),
  };
}

/** Parts that are not the same in both, sorted. */
export function differences(a: StateDigests, b: StateDigests): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]).sort();
}

function parts<T extends KubeObject>(
  resource: Resource<T>,
  objects: T[],
  relevant: (object: T) => unknown,
): StateDigests {
  return Object.fromEntries(objects.map((object) => [nameOf(resource, object), digest(relevant(object))]));
}

/** Sixteen characters that tell one value from another, whatever the order of its fields. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value) ?? null))
    .digest('hex')
    .slice(0, 16);
}

/** The same fields in whatever order are the same. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, ordered(entry)]),
  );
}
