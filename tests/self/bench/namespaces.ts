import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { createNamespace } from '../../../helpers/kubernetes/namespace.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { registryName } from '../../../helpers/cluster/embedded/layout.ts';
import { waitFor } from '../../../helpers/kubernetes/wait.ts';
import type { Figure } from './measure.ts';

/** Creation requested → default ServiceAccount and root CA there; and deletion requested → verified gone, when it holds a small release. */
export async function namespaces(access: ClusterAccess, runs: number): Promise<Figure[]> {
  const kube = Kube.connect(access);
  const usable: number[] = [];
  const gone: number[] = [];
  let endings: Promise<void>[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const namespace = await createNamespace(kube, { run: 'bench', test: 'bench', owner: process.pid });
    usable.push(performance.now() - start);
    // A release in every fifth one: that is enough for a 95th percentile of the slower procedure.
    const withRelease = run % 5 === 0;
    if (withRelease) await smallRelease(namespace.kube, namespace.name);
    const asked = performance.now();
    const ending = namespace.dispose().then(() => {
      if (withRelease) gone.push((performance.now() - asked) / 1000);
    });
    // As in a run, one namespace ends while the next is made; ten at a time, so that they do not pile up.
    endings.push(ending);
    if (endings.length === 10) {
      await Promise.all(endings);
      endings = [];
    }
  }
  await Promise.all(endings);
  return [
    {
      name: 'namespace created → usable',
      unit: 'ms',
      samples: usable,
      limits: [
        { statistic: 'p50', atMost: 150 },
        { statistic: 'p95', atMost: 500 },
      ],
    },
    {
      name: 'namespace of a small release deleted → verified gone',
      unit: 's',
      samples: gone,
      limits: [{ statistic: 'p95', atMost: 10 }],
      note: 'a Deployment with one running pod, a Service, a ConfigMap',
    },
  ];
}

/** What a small chart makes: a Deployment whose pod runs, a Service and a ConfigMap. */
async function smallRelease(kube: Kube, name: string): Promise<void> {
  const labels = { app: 'small' };
  await kube.create(kinds.configMap, { metadata: { name: 'small' }, data: { key: 'value' } });
  await kube.create(kinds.service, { metadata: { name: 'small' }, spec: { selector: labels, ports: [{ port: 80 }] } });
  const containers = [{ name: 'pause', image: `${registryName}/seatrial/pause:1` }];
  await kube.create(kinds.deployment, {
    metadata: { name: 'small' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  const isUp = (pods: { status?: { phase?: string } }[]) => pods.some(({ status }) => status?.phase === 'Running');
  await waitFor(kube, 'the pod runs', { resource: kinds.pod, selection: { namespace: name } }, isUp, {
    timeoutMs: 60_000,
  });
}
