import type { Kube } from './kube.ts';
import { kinds } from './resources.ts';
import type { Event, Pod } from './resources.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** Why a pod cannot run, and whether waiting could help. */
export interface Trouble {
  /** e.g. `Pod/gateway-6d5f-abcde, container gateway: image registry/gateway:1 cannot be pulled: … not found`. */
  message: string;
  /** No waiting will repair it: only a change of the chart, its values or the registry. */
  certain: boolean;
  /** An image is not pulled for a reason that may pass (a registry that does not answer), but seldom does. */
  pull?: boolean;
}

/** What a registry says when asking again will not help. */
const FINAL_PULL_ERRORS =
  /not found|manifest unknown|name unknown|unauthorized|authentication required|denied|forbidden|no such host|invalid reference|no match for platform/i;
const CONFIG_ERRORS = ['CreateContainerConfigError', 'InvalidImageName', 'ErrImageNeverPull', 'RunContainerError'];
/** The kubelet has not yet been told of the object that the pod names; a moment later it has. */
const NOT_YET_KNOWN = /failed to sync (configmap|secret) cache/;
const PULL_ERRORS = ['ErrImagePull', 'ImagePullBackOff'];

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** What keeps the pod's containers from starting or from staying up; empty when nothing does. */
export function troublesOf(pod: Pod): Trouble[] {
  const name = `Pod/${pod.metadata?.name ?? '?'}`;
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = pod.status ?? {};
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return [
    ...(unscheduled === undefined
      ? []
      : [{ message: `${name}: cannot be scheduled: ${unscheduled.message ?? ''}`, certain: false }]),
    ...[...initContainerStatuses, ...containerStatuses].flatMap((status) => troubleOf(name, status)),
  ];
}

function troubleOf(pod: string, { name, image, state, lastState }: ContainerStatus): Trouble[] {
  const where = `${pod}, container ${name}`;
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (PULL_ERRORS.includes(reason)) {
    return [
      {
        message: `${where}: image ${image} cannot be pulled: ${message}`,
        certain: FINAL_PULL_ERRORS.test(message),
        pull: true,
      },
    ];
  }
  if (CONFIG_ERRORS.includes(reason)) {
    const certain = !NOT_YET_KNOWN.test(message);
    return [{ message: `${where}: cannot be started: ${reason}: ${message} (image ${image})`, certain }];
  }
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended !== undefined && ended.exitCode !== 0) {
    const why = ended.reason === undefined || ended.reason === 'Error' ? '' : ` (${ended.reason})`;
    return [{ message: `${where}: ended with exit code ${String(ended.exitCode)}${why}`, certain: false }];
  }
  return reason === '' || reason === 'ContainerCreating' || reason === 'PodInitializing'
    ? []
    : [{ message: `${where}: ${reason}: ${message}`, certain: false }];
}

/** Bounds on what an explanation quotes. */
const QUOTED = { logLines: 10, events: 8, pods: 5 } as const;

/**
 * Why the pods of a namespace are not ready: what keeps their containers down, the latest warnings (failed probes among them) and the
 * last lines of their logs. For people; one statement a line.
 */
export async function explainPods(kube: Kube, namespace: string): Promise<string> {
  const [pods, events] = await Promise.all([
    kube.list(kinds.pod, { namespace }),
    kube.list(kinds.event, { namespace, fieldSelector: 'type=Warning' }),
  ]);
  const unready = pods.items.filter((pod) => pod.status?.phase !== 'Succeeded' && !isReady(pod));
  const states = await Promise.all(unready.slice(0, QUOTED.pods).map((pod) => explainPod(kube, namespace, pod)));
  const more =
    unready.length > QUOTED.pods ? [`… and ${String(unready.length - QUOTED.pods)} more pods that are not ready`] : [];
  return [...states, ...more, ...latestEvents(events.items)].join('\n');
}

async function explainPod(kube: Kube, namespace: string, pod: Pod): Promise<string> {
  const name = pod.metadata?.name ?? '';
  const troubles = troublesOf(pod).map(({ message }) => message);
  const statuses = pod.status?.containerStatuses ?? [];
  const logs = await Promise.all(
    statuses
      .filter((status) => !status.ready)
      .map(async (status) => {
        const ended = status.state?.waiting !== undefined && status.lastState?.terminated !== undefined;
        const log = await lastLines(kube.within(namespace), name, status.name, ended);
        return log === '' ? '' : `Pod/${name}, container ${status.name}, last log lines:\n${indent(log)}`;
      }),
  );
  const notReady = troubles.length > 0 ? troubles : [`Pod/${name}: ${pod.status?.phase ?? 'unknown phase'}, not ready`];
  return [...notReady, ...logs.filter((log) => log !== '')].join('\n');
}

/** The end of a container's log; empty when there is none to be had, for then there is nothing to quote. */
async function lastLines(kube: Kube, pod: string, container: string, previous: boolean): Promise<string> {
  try {
    return (await kube.log(pod, { container, previous, tail: QUOTED.logLines })).trimEnd();
  } catch {
    return '';
  }
}

/** The latest warnings as lines, repeated ones once. */
function latestEvents(events: Event[]): string[] {
  const latestFirst = events.toSorted((a, b) => momentOf(b) - momentOf(a));
  const texts = latestFirst.map(({ involvedObject, reason, message, count }) => {
    const times = (count ?? 1) > 1 ? ` (${String(count)} times)` : '';
    return `event on ${involvedObject.kind ?? '?'}/${involvedObject.name ?? '?'}: ${reason ?? ''}: ${message ?? ''}${times}`;
  });
  return [...new Set(texts)].slice(0, QUOTED.events);
}

/** When an event happened last, in ms since the epoch, as precisely as it tells. */
export function momentOf({ lastTimestamp, eventTime, series, metadata }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
