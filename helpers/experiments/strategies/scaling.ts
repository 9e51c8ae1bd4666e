import { now } from '../../history/history.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';
import { watch } from '../../kubernetes/watch.ts';
import type { ReplicasFact } from '../../rollout/scaling-facts.ts';
import type { Site } from './site.ts';

/**
 * Writes down how many replicas there are, are ready, and are asked for by the autoscaler, at each change from now on.
 * @param name of the Deployment and of its autoscaler.
 */
export function observeScaling({ kube, namespace }: Pick<Site, 'kube' | 'namespace'>, name: string) {
  const controller = new AbortController();
  const series: ReplicasFact = [];
  let state: Omit<ReplicasFact[number], 'at'> = { replicas: 0, ready: 0, desired: 0 };
  const follow = async <T extends KubeObject>(resource: Resource<T>, read: (object: T) => Partial<typeof state>) => {
    for await (const change of watch(kube, resource, { namespace, name }, controller.signal)) {
      const [object] = change.type === 'listed' ? change.objects : [change.object];
      if (object === undefined) continue;
      const next = { ...state, ...read(object) };
      if (JSON.stringify(next) === JSON.stringify(state)) continue;
      state = next;
      series.push({ at: now(), ...state });
    }
  };
  const watching = Promise.all([
    follow(kinds.deployment, ({ status }) => ({
      replicas: status?.replicas ?? 0,
      ready: status?.readyReplicas ?? 0,
    })),
    follow(kinds.horizontalPodAutoscaler, ({ status }) => {
      const cpu = status?.currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current;
      return {
        desired: status?.desiredReplicas ?? 0,
        ...(cpu?.averageUtilization === undefined ? {} : { cpu: cpu.averageUtilization }),
      };
    }),
  ]);
  // Looked at by `stop`; until then a refused watch must not end the process as an unhandled rejection.
  watching.catch(() => undefined);
  return {
    /** @throws KubeError when a watch was refused. */
    async stop(): Promise<ReplicasFact> {
      controller.abort();
      await watching;
      return series;
    },
  };
}
