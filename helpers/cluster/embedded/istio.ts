import { join } from 'node:path';
import { publishImage } from '../../images/publish.ts';
import { applyObjects } from '../../kubernetes/apply.ts';
import { Kube } from '../../kubernetes/kube.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';
import { waitUntil } from '../../wait.ts';
import { istioIsReady } from '../istio.ts';
import { deploymentIsReady } from '../workloads.ts';
import { ensurePart } from './build.ts';
import { contentTag, pushImage, registryOf } from './images.ts';
import { buildProxyImage } from './istio-proxy.ts';
import { registryName } from './layout.ts';
import type { OnDemandPart, PartContext } from './on-demand.ts';
import { readFacts } from './up.ts';
import { renderChart, split } from './upstream.ts';

const system = 'istio-system';
const ingress = 'istio-ingress';
const gatewayName = 'istio-ingressgateway';
/** The control plane is ready after three seconds, a gateway after as many more; in ms, with room for a busy machine. */
const readyWithinMs = 180_000;

interface InjectionWebhooks extends KubeObject {
  webhooks?: { clientConfig?: { caBundle?: string } }[];
}

const injection: Resource<InjectionWebhooks> = {
  kind: 'MutatingWebhookConfiguration',
  apiVersion: 'admissionregistration.k8s.io/v1',
  plural: 'mutatingwebhookconfigurations',
  namespaced: false,
};

/** Istio: control plane, injection of sidecars into namespaces that ask for it, and an ingress gateway. */
export const istio: OnDemandPart = {
  expectedSeconds: { cold: 400, warm: 25 },

  async prepare({ options: { cacheFolder }, progress }) {
    await buildProxyImage(await ensurePart('istio', { cacheFolder, progress }), { cacheFolder, progress });
  },

  async install(context) {
    const { access, cluster, options, progress } = context;
    const { cacheFolder } = options;
    const folder = await ensurePart('istio', { cacheFolder, progress });
    const images = { pilot: await pushPilot(context, folder), proxy: await pushProxy(context, folder) };
    const kube = Kube.connect(access);
    const limit = { timeoutMs: readyWithinMs, everyMs: 100 };
    const chart = (path: string, release: string, namespace: string, values: Record<string, unknown>) =>
      renderChart(access, { folder: join(folder, 'charts', path), release, namespace, values });
    const base = await chart('base', 'istio-base', system, {});
    const [crds = [], rest = []] = split(base, ({ kind }) => kind === 'CustomResourceDefinition');
    await applyObjects(kube, [namespaceNamed(system), namespaceNamed(ingress), ...crds]);
    const control = await chart('istio-control/istio-discovery', 'istiod', system, controlPlaneValues(images));
    await applyObjects(kube, [...rest, ...control]);
    await waitUntil(
      'the control plane of Istio is ready',
      () => deploymentIsReady(kube, { namespace: system, name: 'istiod' }),
      limit,
    );
    // The control plane signs its own certificate and says so here; until then no pod could be made where injection is on.
    await waitUntil('sidecars are injected', () => injects(kube), limit);
    const nodes = readFacts(cluster)?.nodes ?? 1;
    await applyObjects(kube, await chart('gateway', gatewayName, ingress, gatewayValues(nodes)));
    await waitUntil(
      'the ingress gateway is ready',
      () => deploymentIsReady(kube, { namespace: ingress, name: gatewayName }),
      limit,
    );
    await waitUntil('Istio is ready', () => istioIsReady(kube), limit);
    return {};
  },
};

function namespaceNamed(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

async function injects(kube: Kube): Promise<boolean> {
  const { webhooks = [] } = await kube.get(injection, { name: 'istio-sidecar-injector' });
  return webhooks.length > 0 && webhooks.every(({ clientConfig }) => (clientConfig?.caBundle ?? '') !== '');
}

function pushPilot({ access, progress }: PartContext, folder: string): Promise<string> {
  const { registry, crane } = registryOf(access);
  const path = '/usr/local/bin/pilot-discovery';
  const files = { [path]: join(folder, 'pilot-discovery') };
  const image = { name: 'seatrial/istio-pilot', tag: contentTag(folder), files, entrypoint: path, user: '1337:1337' };
  return pushImage(registry, crane, image, progress);
}

async function pushProxy({ access, options, progress }: PartContext, folder: string): Promise<string> {
  const image = await buildProxyImage(folder, { cacheFolder: options.cacheFolder, progress });
  await publishImage(image, { ...registryOf(access), progress });
  return `${registryName}/${image.name}:${image.tag}`;
}

/** Values of the chart of istiod. Pure. */
export function controlPlaneValues({ pilot, proxy }: { pilot: string; proxy: string }): Record<string, unknown> {
  return {
    image: pilot,
    autoscaleEnabled: false,
    // What Istio asks for by default, 0.5 processors and 2 GiB, is meant for a mesh of thousands of pods.
    resources: { requests: { cpu: '50m', memory: '128Mi' } },
    // Envoy is the one that its own project releases: these three want filters that only Istio's build of it has. What is lost is
    // `istio_requests_total` and the labels of peers; Envoy's own metrics are there.
    env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' },
    telemetry: { enabled: false },
    meshConfig: { defaultConfig: { proxyStatsMatcher: { inclusionRegexps: ['.*upstream_rq.*', '.*upstream_cx.*'] } } },
    global: {
      // With one replica a budget would stop a trial from draining the node.
      defaultPodDisruptionBudget: { enabled: false },
      proxy: { image: proxy, resources: { requests: { cpu: '10m', memory: '64Mi' } }, readinessPeriodSeconds: 1 },
      proxy_init: { image: proxy },
    },
  };
}

/** Values of the chart of a gateway: at a port of every node, and on two of them, so that the loss of one is no end of traffic. Pure. */
export function gatewayValues(nodes: number): Record<string, unknown> {
  return {
    replicaCount: Math.min(nodes, 2),
    autoscaling: { enabled: false },
    service: { type: 'NodePort' },
    resources: { requests: { cpu: '20m', memory: '64Mi' } },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: gatewayName } },
      },
    ],
  };
}
