import { join } from 'node:path';
import { objectsOf } from '../../../../helpers/experiments/chart/readers.ts';
import type { Rendered } from '../../../../helpers/experiments/chart/readers.ts';
import { Helm } from '../../../../helpers/helm/helm.ts';
import type { Live, LivePod } from '../../../../helpers/architecture/live.ts';
import { connectionOf, literalOf } from '../../../../helpers/architecture/literals.ts';
import { normaliseWorkload } from '../../../../helpers/architecture/normalise.ts';
import { loadArchitecture } from '../../../../helpers/architecture/load.ts';
import type { Architecture } from '../../../../helpers/architecture/schema.ts';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import type { Workload } from '../../../../helpers/architecture/live.ts';

const bundled = join(import.meta.dirname, '../../../../fixtures/targets/contextforge');
const VERSION = '1.36';

/** An object of a manifest, to be mutated. */
export interface Manifest extends Omit<Rendered, 'metadata' | 'spec'> {
  metadata?: { name?: string; annotations?: Record<string, string> };
  /** Whatever its kind has there: what mutates it knows. */
  spec?: unknown;
  automountServiceAccountToken?: boolean;
}

/** The same charts rendered twice, the second time with another value in every ConfigMap that pods take their environment from. */
export interface Rendering {
  before: Manifest[];
  after: Manifest[];
}

export const declared: Architecture = loadArchitecture(join(bundled, 'architecture.yaml'));

/** Both bundled charts by the real helm, with values for production. */
export async function renderCharts(folder: string): Promise<Rendering> {
  const { cacheFolder } = loadOptions();
  const binary = await findHelm({ cacheFolder, progress: () => undefined });
  const helm = new Helm({ binary, home: join(folder, 'helm') });
  const render = async (set: Record<string, Record<string, string>>) => {
    const charts = [
      { name: 'gateway', files: ['values/gateway.yaml'], more: [join(import.meta.dirname, 'production.yaml')] },
      { name: 'custom-server', files: ['values/custom-server.yaml'], more: [] },
    ];
    const manifests = await Promise.all(
      charts.map(async ({ name, files, more }) => {
        const chart = await helm.resolve({ path: `charts/${name}` }, bundled);
        const values = { files: [...files.map((file) => join(bundled, file)), ...more], set: set[name] ?? {} };
        return objectsOf(await helm.template({ name, chart, ...values }, VERSION));
      }),
    );
    return manifests.flat() as Manifest[];
  };
  return {
    before: await render({}),
    after: await render({
      gateway: { 'config.LOG_LEVEL': 'INFO' },
      'custom-server': { 'config.ARCADE_UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN': '61' },
    }),
  };
}

/**
 * The manifests as `architecture` would read them from a cluster on which all goes well: two nodes, every replica ready and spread, a network
 * that enforces policies. What only running tells is thus never what gives a mutant away.
 */
export function liveOf(objects: readonly Manifest[]): Live {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  // The API server's own shape, which the comparison checks no further either.
  const specs = (kind: string) =>
    of(kind).map(({ metadata, spec }) => ({ name: metadata?.name ?? '', spec: spec as never }));
  const autoscalers: Live['autoscalers'] = specs('HorizontalPodAutoscaler');
  const workloads = (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap((kind) =>
    of(kind).map((object) => {
      const workload = normaliseWorkload(kind, object as Parameters<typeof normaliseWorkload>[1]);
      const scaler = autoscalers.find(({ spec }) => spec.scaleTargetRef.name === workload.name);
      return scaler === undefined ? workload : { ...workload, replicas: scaler.spec.minReplicas ?? 1 };
    }),
  );
  return {
    namespace: 'trial',
    workloads,
    pods: workloads.flatMap(podsOf),
    nodes: [{ name: 'node-0' }, { name: 'node-1' }],
    podDisruptionBudgets: specs('PodDisruptionBudget'),
    autoscalers,
    networkPolicies: specs('NetworkPolicy'),
    services: specs('Service'),
    ingresses: specs('Ingress'),
    serviceAccounts: of('ServiceAccount').map(({ metadata, automountServiceAccountToken: mounted }) => ({
      name: metadata?.name ?? '',
      ...(mounted === undefined ? {} : { automountServiceAccountToken: mounted }),
    })),
    configMaps: of('ConfigMap').map(({ metadata, data = {} }) => ({
      name: metadata?.name ?? '',
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, literalOf(value)])),
    })),
    stores: storesIn(objects),
    entry: { url: 'http://gateway.example.com', service: 'gateway' },
    networkPlugins: { enforcing: ['cilium'], ignoring: [] },
  };
}

function podsOf({ name, replicas, template }: Workload): LivePod[] {
  return Array.from({ length: replicas }, (_, index) => ({
    name: `${name}-${String(index)}`,
    labels: template.labels,
    node: `node-${String(index % 2)}`,
    ready: true,
  }));
}

function storesIn(objects: readonly Manifest[]): Live['stores'] {
  if (!Array.isArray(declared.stores)) return [];
  return declared.stores.flatMap(({ name, usedBy, connection }) => {
    if (!('url' in connection)) return [];
    const workload = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata?.name === usedBy);
    const containers = (workload as Rendered | undefined)?.spec?.template?.spec?.containers ?? [];
    const variable = containers.flatMap(({ env = [] }) => env).find((one) => one.name === connection.url);
    return [{ name, variable: connection.url, ...connectionOf(variable?.value ?? '') }];
  });
}
