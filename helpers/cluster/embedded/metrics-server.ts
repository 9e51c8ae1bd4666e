import { join } from 'node:path';
import { applyObjects } from '../../kubernetes/apply.ts';
import { Kube } from '../../kubernetes/kube.ts';
import { waitUntil } from '../../wait.ts';
import { metricsAreServed } from '../metrics.ts';
import { deploymentIsReady } from '../workloads.ts';
import { ensurePart } from './build.ts';
import { contentTag, pushImage, registryOf } from './images.ts';
import type { OnDemandPart } from './on-demand.ts';
import { readFacts } from './up.ts';
import { renderChart, split } from './upstream.ts';

const namespace = 'kube-system';
/** Two samples of each kubelet, 15 s apart, must be there before anything is served; in ms, with room for a busy machine. */
const servedWithinMs = 120_000;

/** metrics-server: what nodes and pods use, as the HorizontalPodAutoscaler reads it. */
export const metrics: OnDemandPart = {
  expectedSeconds: { cold: 60, warm: 30 },

  async prepare({ options, progress }) {
    await ensurePart('metrics-server', { cacheFolder: options.cacheFolder, progress });
  },

  async install({ access, cluster, options, progress }) {
    const folder = await ensurePart('metrics-server', { cacheFolder: options.cacheFolder, progress });
    const { registry, crane } = registryOf(access);
    const name = 'seatrial/metrics-server';
    const tag = contentTag(folder);
    const files = { '/metrics-server': join(folder, 'metrics-server') };
    const image = await pushImage(registry, crane, { name, tag, files, entrypoint: '/metrics-server' }, progress);
    const objects = await renderChart(access, {
      folder: join(folder, 'chart'),
      release: 'metrics-server',
      namespace,
      values: values(image, readFacts(cluster)?.nodes ?? 1),
    });
    const kube = Kube.connect(access);
    // While an API is registered that nobody serves, no namespace of anybody's ends: it is registered last.
    const [registration = [], rest = []] = split(objects, ({ kind }) => kind === 'APIService');
    await applyObjects(kube, rest);
    const limit = { timeoutMs: servedWithinMs, everyMs: 250 };
    await waitUntil(
      'metrics-server is ready',
      () => deploymentIsReady(kube, { namespace, name: 'metrics-server' }),
      limit,
    );
    await applyObjects(kube, registration);
    await waitUntil('the metrics of every node are served', () => metricsAreServed(kube), limit);
    return {};
  },
};

function values(image: string, nodes: number): Record<string, unknown> {
  const colon = image.lastIndexOf(':');
  return {
    image: { repository: image.slice(0, colon), tag: image.slice(colon + 1) },
    // The kubelets' serving certificates are of the cluster's own authority, so nothing is skipped here.
    args: ['--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'],
    // The API must survive the loss of a node that a trial brings about.
    replicas: Math.min(nodes, 2),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'metrics-server' } },
      },
    ],
    resources: { requests: { cpu: '20m', memory: '64Mi' } },
    readinessProbe: { initialDelaySeconds: 0, periodSeconds: 1 },
  };
}
