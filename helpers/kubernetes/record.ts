import type { HistoryWriter } from '../history/history.ts';
import { describeEvent } from './events.ts';
import type { Kube } from './kube.ts';
import { kinds, nameOf } from './resources.ts';
import type { Event, Job, KubeObject, Pod, Resource } from './resources.ts';
import { watch } from './watch.ts';

/** What was seen, ready to be written: at most once per `key`. */
interface Sighting {
  key: string;
  what: string;
  object: string;
  detail?: Record<string, unknown>;
}

/**
 * Writes down, from now on until `stop`, what happens to the pods of a namespace: scheduled, images pulled, containers started, ready,
 * jobs completed, warnings. The moment of an observation is the one at which it reached this process; what the cluster's own clock said
 * stands in the detail.
 */
export function observePods(kube: Kube, namespace: string, history: HistoryWriter): { stop(): Promise<void> } {
  const controller = new AbortController();
  const seen = new Set<string>();
  const write = ({ key, what, object, detail }: Sighting) => {
    if (seen.has(key)) return;
    seen.add(key);
    history.observe(what, object, detail);
  };
  const observe = async <T extends KubeObject>(resource: Resource<T>, sightings: (object: T) => Sighting[]) => {
    for await (const change of watch(kube, resource, { namespace }, controller.signal)) {
      const objects = change.type === 'listed' ? change.objects : change.type === 'deleted' ? [] : [change.object];
      objects.flatMap(sightings).forEach(write);
    }
  };
  const watching = Promise.all([
    observe(kinds.pod, podSightings),
    observe(kinds.job, jobSightings),
    observe(kinds.event, eventSightings),
  ]);
  // Looked at by `stop`; until then a refused watch must not end the process as an unhandled rejection.
  watching.catch(() => undefined);
  return {
    /** @throws KubeError when a watch was refused: then the observer was blind. */
    async stop() {
      controller.abort();
      await watching;
    },
  };
}

export function podSightings(pod: Pod): Sighting[] {
  const object = nameOf(kinds.pod, pod);
  const uid = pod.metadata?.uid ?? '';
  const sightings: Sighting[] = [];
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  if (pod.spec?.nodeName !== undefined) {
    sightings.push({ key: `${uid} scheduled`, what: 'pod.scheduled', object, detail: { node: pod.spec.nodeName } });
  }
  for (const { name, state, lastState, restartCount } of [...initContainerStatuses, ...containerStatuses]) {
    const killed = [state?.terminated, lastState?.terminated].find((ended) => ended?.reason === 'OOMKilled');
    if (killed !== undefined) {
      const detail = { container: name, finishedAt: killed.finishedAt };
      sightings.push({
        key: `${uid} ${name} ${killed.finishedAt ?? ''} OOM`,
        what: 'container.oom-killed',
        object,
        detail,
      });
    }
    const startedAt = state?.running?.startedAt ?? state?.terminated?.startedAt;
    if (startedAt === undefined) continue;
    const detail = { container: name, startedAt, restarts: restartCount };
    sightings.push({
      key: `${uid} ${name} started ${String(restartCount)}`,
      what: 'container.started',
      object,
      detail,
    });
  }
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status === 'True');
  if (ready !== undefined) {
    const { lastTransitionTime } = ready;
    sightings.push({
      key: `${uid} ready ${lastTransitionTime ?? ''}`,
      what: 'pod.ready',
      object,
      detail: { since: lastTransitionTime },
    });
  }
  return sightings;
}

export function jobSightings(job: Job): Sighting[] {
  const completed =
    job.status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True') ?? false;
  return completed
    ? [{ key: `${job.metadata?.uid ?? ''} completed`, what: 'job.completed', object: nameOf(kinds.job, job) }]
    : [];
}

export function eventSightings(event: Event): Sighting[] {
  const described = describeEvent(event);
  if (described === undefined) return [];
  // A repeated event is the same object with a higher count.
  const key = `${event.metadata.uid ?? ''} ${String(event.count ?? event.series?.count ?? 1)}`;
  const object = `${event.involvedObject.kind ?? '?'}/${event.involvedObject.name ?? '?'}`;
  return [{ key, object, ...described }];
}
