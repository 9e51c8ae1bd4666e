import { isDeepStrictEqual } from 'node:util';
import { resourceQuota } from '../../failures/quota.ts';
import { isRolledOut, type Workload } from '../../failures/workload.ts';
import type { Helm } from '../../helm/helm.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { kinds, nameOf } from '../../kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';

/** What matters of the objects of a namespace, by `Kind/name`. */
export type State = ReadonlyMap<string, unknown>;

/** Helm keeps its releases in Secrets; they grow with each revision. */
const HELM_SECRET = 'helm.sh/release.v1';

/**
 * What an operator would compare before and after a failure: configuration, Secrets, what the workloads are made of and whether all of it
 * runs, quotas, and the status of the releases. Not: names of pods, revisions, moments.
 */
export async function stateOf(kube: Kube, helm: Helm, releases: readonly string[]): Promise<State> {
  const read = async <T extends KubeObject>(resource: Resource<T>, essence: (object: T) => unknown) =>
    (await kube.list(resource)).items.map((object) => [nameOf(resource, object), essence(object)] as const);
  const workload = (object: Workload) => ({
    replicas: object.spec?.replicas,
    pods: object.spec?.template.spec,
    rolledOut: isRolledOut(object),
  });
  const secrets = (await kube.list(kinds.secret)).items.filter(({ type }) => type !== HELM_SECRET);
  const left = await podsLeftBehind(kube);
  const parts = await Promise.all([
    read(kinds.deployment, workload),
    read(kinds.statefulSet, workload),
    read(kinds.configMap, ({ data }) => data),
    read(kinds.service, ({ spec }) => ({ selector: spec?.selector, ports: spec?.ports })),
    read(resourceQuota, (object) => object),
    Promise.all(releases.map(async (name) => [`release/${name}`, await statusOf(helm, name)] as const)),
  ]);
  return new Map<string, unknown>([
    ...parts.flat(),
    ...secrets.map((object) => [nameOf(kinds.secret, object), object.data] as const),
    ['pods', left],
  ]);
}

async function statusOf(helm: Helm, name: string): Promise<string> {
  const revisions = await helm.history(name);
  return revisions.toSorted((a, b) => a.revision - b.revision).at(-1)?.status ?? 'none';
}

/** Phases of pods that ended badly and still lie about. */
async function podsLeftBehind(kube: Kube): Promise<string[]> {
  const { items } = await kube.list(kinds.pod);
  return items
    .filter(({ status, metadata }) => status?.phase === 'Failed' && metadata?.deletionTimestamp === undefined)
    .map((pod) => `${nameOf(kinds.pod, pod)} ${pod.status?.reason ?? 'Failed'}`);
}

/** Names of what differs; never values, for there are Secrets among them. */
export function differences(before: State, after: State, mayDiffer: readonly string[] = []): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !mayDiffer.includes(name));
  return names
    .filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)))
    .map((name) => {
      if (!before.has(name)) return `${name} is new`;
      return after.has(name) ? `${name} differs` : `${name} is gone`;
    });
}

/** What keeps the namespace from running all that it should; empty when nothing does. */
export async function whyUnwell(kube: Kube): Promise<string[]> {
  const [deployments, statefulSets, pods] = await Promise.all([
    kube.list(kinds.deployment),
    kube.list(kinds.statefulSet),
    kube.list(kinds.pod),
  ]);
  const rolling = <T extends Workload & KubeObject>(resource: Resource<T>, items: readonly T[]) =>
    items.filter((item) => !isRolledOut(item)).map((item) => `${nameOf(resource, item)} is not rolled out`);
  const unready = pods.items.filter(
    (pod) =>
      pod.metadata?.deletionTimestamp === undefined &&
      !['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') &&
      !isReady(pod),
  );
  return [
    ...rolling(kinds.deployment, deployments.items),
    ...rolling(kinds.statefulSet, statefulSets.items),
    ...unready.map((pod) => `${nameOf(kinds.pod, pod)} is not ready`),
  ];
}

/** Signs that Kubernetes itself gives of a failure. */
export interface Signs {
  readyPods: number;
  unreadyPods: string[];
  warnings: number;
  nodes: string[];
}

export async function signsOf(kube: Kube): Promise<Signs> {
  const [pods, events, nodes] = await Promise.all([
    kube.list(kinds.pod),
    kube.list(kinds.event, { fieldSelector: 'type=Warning' }),
    kube.list(kinds.node),
  ]);
  const running = pods.items.filter(({ status }) => status?.phase !== 'Succeeded');
  return {
    readyPods: running.filter(isReady).length,
    unreadyPods: running.filter((pod) => !isReady(pod)).map((pod) => nameOf(kinds.pod, pod)),
    warnings: events.items.reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0),
    nodes: nodes.items
      .filter(
        ({ spec, status }) =>
          spec?.unschedulable === true ||
          (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value !== 'True'),
      )
      .map((node) => nameOf(kinds.node, node)),
  };
}

/** The first sign that was not there before; undefined when there is none. */
export function newSign(before: Signs, now: Signs): string | undefined {
  const pod = now.unreadyPods.find((name) => !before.unreadyPods.includes(name));
  if (pod !== undefined) return `${pod} is not ready`;
  if (now.readyPods < before.readyPods)
    return `${String(now.readyPods)} pods are ready, not ${String(before.readyPods)}`;
  if (now.warnings > before.warnings) return 'a warning event';
  const node = now.nodes.find((name) => !before.nodes.includes(name));
  return node === undefined ? undefined : `${node} is not ready or takes no pods`;
}
