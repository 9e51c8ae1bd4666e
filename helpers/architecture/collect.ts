import { isReady } from '../kubernetes/pods.ts';
import { KubeError } from '../kubernetes/kube.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { DaemonSet, KubeObject } from '../kubernetes/resources.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { valueOf } from './environment.ts';
import { connectionOf, literalOf } from './literals.ts';
import type { Live, LiveStore, Workload } from './live.ts';
import { normaliseWorkload } from './normalise.ts';
import type { Architecture } from './schema.ts';

/** The controller looks at a new autoscaler within 15 s and writes down what it finds. In ms. */
const AUTOSCALER_LIMIT_MS = 45_000;

/** Starting a replica or two, on a busy machine. In ms. */
const SCALE_LIMIT_MS = 120_000;

/**
 * DaemonSets, or containers in them, of network plugins that enforce NetworkPolicies, and of those that take no notice of them.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites
 */
const ENFORCING =
  /^(calico-node|cilium|antrea-agent|kube-router|weave-net|kindnet|canal|romana-agent|ovnkube-node|aws-node|azure-npm|kube-network-policies|anetd|netd)$/;
const IGNORING = /^kube-flannel(-ds)?$/;

const workloadKinds = [kinds.deployment, kinds.statefulSet, kinds.daemonSet];

/**
 * Reads what runs in the namespace that `kube` is bound to, as far as a declared architecture can be compared with it. Changes nothing;
 * no value of an environment variable is in the result.
 */
export async function readLive(kube: Kube, declared: Architecture, signal: AbortSignal): Promise<Omit<Live, 'entry'>> {
  const scalers = await autoscalers(kube, signal);
  await scaled(kube, scalers, signal);
  const raw = (await Promise.all(workloadKinds.map((kind) => workloads(kube, kind)))).flat();
  const [pods, nodes, configMaps, serviceAccounts] = await Promise.all([
    kube.list(kinds.pod),
    kube.list(kinds.node),
    kube.list(kinds.configMap),
    kube.list(kinds.serviceAccount),
  ]);
  const used = JSON.stringify(raw.map(({ object }) => object));
  return {
    namespace: kube.namespace ?? '',
    workloads: raw.map(({ kind, object }) => normaliseWorkload(kind, object)),
    pods: pods.items
      .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
      .map((pod) => ({
        name: pod.metadata?.name ?? '',
        labels: pod.metadata?.labels ?? {},
        ...(pod.spec?.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
        ready: isReady(pod),
      })),
    nodes: nodes.items.map(({ metadata }) => {
      const zone = metadata?.labels?.['topology.kubernetes.io/zone'];
      return { name: metadata?.name ?? '', ...(zone === undefined ? {} : { zone }) };
    }),
    podDisruptionBudgets: specs(await kube.list(kinds.podDisruptionBudget)),
    autoscalers: scalers,
    networkPolicies: specs(await kube.list(kinds.networkPolicy)),
    services: specs(await kube.list(kinds.service)),
    ingresses: specs(await kube.list(kinds.ingress)),
    serviceAccounts: serviceAccounts.items.map(({ metadata, automountServiceAccountToken: mounted }) => ({
      name: metadata?.name ?? '',
      ...(mounted === undefined ? {} : { automountServiceAccountToken: mounted }),
    })),
    configMaps: configMaps.items
      .filter(({ metadata }) => used.includes(`"${metadata?.name ?? ''}"`))
      .map(({ metadata, data = {} }) => ({
        name: metadata?.name ?? '',
        data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, literalOf(value)])),
      })),
    stores: await stores(kube, declared, raw),
    ...(await networkPlugins(kube)),
  };
}

function specs<S>({ items }: { items: { metadata?: { name?: string }; spec?: S }[] }) {
  return items.map(({ metadata, spec }) => ({ name: metadata?.name ?? '', spec }));
}

interface Raw {
  kind: Workload['kind'];
  object: Parameters<typeof normaliseWorkload>[1];
}

async function workloads(kube: Kube, resource: (typeof workloadKinds)[number]): Promise<Raw[]> {
  const kind = resource.kind as Workload['kind'];
  const found = await ifAllowed(kube.list<KubeObject>(resource));
  return (found?.items ?? []).map((object) => ({ kind, object: object }));
}

/** Waits until their controller has said whether they can scale; what it has not said by then counts as not active. */
async function autoscalers(kube: Kube, signal: AbortSignal): Promise<Live['autoscalers']> {
  const found = (await kube.list(kinds.horizontalPodAutoscaler)).items;
  if (found.length === 0) return [];
  const selection = { resource: kinds.horizontalPodAutoscaler, selection: {} };
  const judged = await waitFor(
    kube,
    'the autoscalers are active',
    selection,
    (all) => all.every(({ status }) => conditionOf(status)?.status === 'True'),
    { timeoutMs: AUTOSCALER_LIMIT_MS, signal },
  ).catch(async () => {
    signal.throwIfAborted();
    return (await kube.list(kinds.horizontalPodAutoscaler)).items;
  });
  return judged.map(({ metadata, spec, status }) => {
    const active = conditionOf(status);
    const name = metadata?.name ?? '';
    if (active?.status === 'True') return { name, spec };
    return { name, spec, inactive: active?.message ?? 'its controller has not said whether it can scale' };
  });
}

/** Waits until what an autoscaler wants at least is there and ready; what is not by then is recorded as it is. */
async function scaled(kube: Kube, scalers: Live['autoscalers'], signal: AbortSignal): Promise<void> {
  if (scalers.length === 0) return;
  const fewest = new Map(scalers.map(({ spec }) => [spec.scaleTargetRef.name, spec.minReplicas ?? 1]));
  await waitFor(
    kube,
    'the autoscalers have added the fewest replicas',
    { resource: kinds.deployment, selection: {} },
    (all) =>
      all.every(({ metadata, status }) => (status?.readyReplicas ?? 0) >= (fewest.get(metadata?.name ?? '') ?? 0)),
    { timeoutMs: SCALE_LIMIT_MS, signal },
  ).catch(() => {
    signal.throwIfAborted();
  });
}

function conditionOf(status: { conditions?: { type: string; status: string; message?: string }[] } | undefined) {
  return status?.conditions?.find(({ type }) => type === 'ScalingActive');
}

async function stores(kube: Kube, declared: Architecture, raw: Raw[]): Promise<LiveStore[]> {
  if (!Array.isArray(declared.stores)) return [];
  return Promise.all(
    declared.stores.map(async ({ name, usedBy, connection }): Promise<LiveStore> => {
      const component = declared.components.find((candidate) => candidate.name === usedBy);
      const workload = raw.find(({ kind, object }) => {
        const labels = object.spec?.template.metadata?.labels ?? {};
        return component?.workload === undefined
          ? Object.entries(component?.selector ?? {}).every(([key, value]) => labels[key] === value)
          : component.workload === `${kind}/${object.metadata?.name ?? ''}`;
      });
      const containers = workload?.object.spec?.template.spec?.containers ?? [];
      const container = containers.find((one) => one.name === component?.container) ?? containers[0];
      const read = (variable: string) =>
        container === undefined ? Promise.resolve(undefined) : valueOf(kube, container, variable);
      if ('url' in connection) {
        return { name, variable: connection.url, ...connectionOf((await read(connection.url)) ?? '') };
      }
      const [host, tls] = [await read(connection.host), await read(connection.tls)];
      return {
        name,
        variable: connection.host,
        ...(host === undefined ? {} : { host }),
        tls: tls === undefined ? {} : { [connection.tls]: tls },
      };
    }),
  );
}

async function networkPlugins(kube: Kube): Promise<Pick<Live, 'networkPlugins'>> {
  // Of all namespaces: only a client that is bound to none lists those.
  const path = kube.path({ ...kinds.daemonSet, namespaced: false });
  const found = await ifAllowed(kube.request<{ items: DaemonSet[] }>(path));
  if (found === undefined) return {};
  const named = (pattern: RegExp) =>
    found.items
      .filter(({ metadata, spec }) =>
        [metadata, ...(spec?.template.spec?.containers ?? [])].some((one) => pattern.test(one?.name ?? '')),
      )
      .map(({ metadata }) => metadata?.name ?? '')
      .sort();
  return { networkPlugins: { enforcing: named(ENFORCING), ignoring: named(IGNORING) } };
}

/** What the person may not read is not known; that is said where it matters. */
async function ifAllowed<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (thrown) {
    if (thrown instanceof KubeError && thrown.status === 403) return undefined;
    throw thrown;
  }
}
