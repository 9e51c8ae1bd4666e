import type { Kube } from '../kubernetes/kube.ts';
import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import { listenOn } from '../notifications/listen.ts';

/** Answers Prometheus from what the API server says at that moment. */
export interface PodStateExporter {
  /** `host:port`. */
  address: string;
  close: () => void;
}

/**
 * Tells Prometheus the states of the pods in the namespace of `kube`, under the names that kube-state-metrics gives them; for clusters where
 * that is not installed. It answers from this machine, so that it takes nothing from what is on trial.
 * @param address of this machine that pods reach.
 */
export async function startPodState(kube: Kube, address: string): Promise<PodStateExporter> {
  const server = await listenOn(address, async () => {
    const { items } = await kube.list(kinds.pod);
    return { status: 200, contentType: 'text/plain; version=0.0.4', body: podStateMetrics(items) };
  });
  return { address: new URL(server.url).host, close: server.close };
}

/** In the text format of Prometheus. Pods that are being stopped are told as well, as kube-state-metrics does. Pure. */
export function podStateMetrics(pods: readonly Pod[]): string {
  const ready = pods.map((pod) =>
    sample('kube_pod_status_ready', { ...labelsOf(pod), condition: 'true' }, isReady(pod)),
  );
  const containers = pods.flatMap((pod) =>
    (pod.status?.containerStatuses ?? []).map((status) => ({
      status,
      labels: { ...labelsOf(pod), container: status.name },
    })),
  );
  const restarts = containers.map(({ status, labels }) =>
    sample('kube_pod_container_status_restarts_total', labels, status.restartCount),
  );
  const ended = containers.flatMap(({ status, labels }) => {
    const { reason } = status.lastState?.terminated ?? status.state?.terminated ?? {};
    return reason === undefined
      ? []
      : [sample('kube_pod_container_status_last_terminated_reason', { ...labels, reason }, 1)];
  });
  return [
    '# TYPE kube_pod_status_ready gauge',
    ...ready,
    '# TYPE kube_pod_container_status_restarts_total counter',
    ...restarts,
    '# TYPE kube_pod_container_status_last_terminated_reason gauge',
    ...ended,
    '',
  ].join('\n');
}

function labelsOf({ metadata }: Pod): Record<string, string> {
  return { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}

function sample(name: string, labels: Record<string, string>, value: number | boolean): string {
  const text = Object.entries(labels)
    .map(([label, content]) => `${label}=${JSON.stringify(content)}`)
    .join(',');
  return `${name}{${text}} ${String(Number(value))}`;
}
