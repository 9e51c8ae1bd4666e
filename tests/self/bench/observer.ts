import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess, Progress } from '../../../helpers/cluster/provider.ts';
import type { Options } from '../../../helpers/config/options.ts';
import { deployReleases } from '../../../helpers/experiments/deploy-target.ts';
import type { DeployedReleases } from '../../../helpers/experiments/deploy-target.ts';
import { publishImages } from '../../../helpers/experiments/images.ts';
import { HistoryWriter } from '../../../helpers/history/history.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { createNamespace } from '../../../helpers/kubernetes/namespace.ts';
import { Redactor } from '../../../helpers/kubernetes/redact.ts';
import { loadTarget } from '../../../helpers/target/load.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import { sightOf } from '../../../helpers/traffic/analysis/sight.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import { planFor, readTraffic, startEndpoint } from '../traffic/rig.ts';
import type { Figure } from './measure.ts';

/**
 * How punctual the observer is while two replicas of the gateway are rolled on the same machine: 200 calls a second to the endpoint on
 * loopback (more than the gateway itself could bear), and 50 standing sessions.
 */
export async function observer(options: Options, cluster: ClusterAccess, progress: Progress): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-observer-'));
  const file = join(folder, 'traffic.jsonl');
  const endpoint = await startEndpoint();
  const kube = Kube.connect(cluster);
  const namespace = await createNamespace(kube, { run: 'bench', test: 'bench', owner: process.pid });
  try {
    const deployed = await deploy({ options, cluster, progress, folder, namespace });
    const traffic = await startTraffic(planFor(endpoint.url, file, { sessions: 50 }));
    const gateway = deployed.releases.at(-1);
    if (gateway === undefined) throw new Error('nothing was deployed');
    const rolled = { ...gateway, set: { ...gateway.set, 'podAnnotations.bench': 'rolled' } };
    await deployed.helm.upgrade(rolled).finally(() => traffic.stop());
    await deployed.stopObserving();
    return figuresOf(file);
  } finally {
    await endpoint.stop();
    await namespace.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function deploy({
  options,
  cluster,
  progress,
  folder,
  namespace,
}: {
  options: Options;
  cluster: ClusterAccess;
  progress: Progress;
  folder: string;
  namespace: Awaited<ReturnType<typeof createNamespace>>;
}): Promise<DeployedReleases> {
  const target = loadTarget(options.target);
  const run = { id: 'bench', folder, owner: process.pid };
  return deployReleases({
    target,
    cluster,
    helm: cluster.helm,
    folder,
    history: new HistoryWriter(join(folder, 'history.jsonl')),
    redactor: new Redactor(),
    signal: new AbortController().signal,
    progress,
    images: () => publishImages(target, { run, cluster, cacheFolder: options.cacheFolder, progress }),
    namespace: () => Promise.resolve(namespace),
  });
}

function figuresOf(file: string): Figure[] {
  const records = readTraffic(file);
  const end = records.findLast((record) => record.type === 'traffic-end');
  if (end === undefined) throw new Error('the observer did not end');
  const calls = records.filter(isTrafficCall);
  const { sent, due, cpuShare } = sightOf(calls, end, Infinity);
  const delays = calls.map((call) => call.start - call.due);
  const name = 'offered load while two replicas roll';
  return [
    {
      name: `${name}: schedule delay P99`,
      unit: 'ms',
      samples: [percentile(delays, 0.99)],
      limits: [{ statistic: 'max', atMost: 1 }],
      note: `${String(sent)} calls in ${(end.elapsedMs / 1000).toFixed(0)} s, P50 ${percentile(delays, 0.5).toFixed(2)} ms, max ${Math.max(...delays).toFixed(1)} ms`,
    },
    {
      name: `${name}: calls not sent`,
      unit: 'permille',
      samples: [(1 - sent / due) * 1000],
      limits: [{ statistic: 'max', atMost: 1 }],
    },
    {
      name: `${name}: CPU of the observer`,
      unit: '%',
      samples: [cpuShare * 100],
      limits: [{ statistic: 'max', atMost: 15 }],
      note: 'of one core',
    },
  ];
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}
