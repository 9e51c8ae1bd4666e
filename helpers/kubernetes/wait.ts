import { UserError } from '../errors.ts';
import type { Kube } from './kube.ts';
import { explainPods, isReady, troublesOf } from './pods.ts';
import type { Trouble } from './pods.ts';
import { kinds } from './resources.ts';
import type { KubeObject, Pod, Resource } from './resources.ts';
import { watch } from './watch.ts';
import type { Change, WatchSelection } from './watch.ts';

export interface WaitOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Waits by watch until `condition` holds for the objects of the selection (all of them are handed over at every change).
 * @returns the objects with which it held.
 * @throws Error naming `what` and, from `explain`, why it did not come true in time.
 */
export async function waitFor<T extends KubeObject>(
  kube: Kube,
  what: string,
  { resource, selection }: { resource: Resource<T>; selection: WatchSelection },
  condition: (objects: T[]) => boolean,
  { timeoutMs, signal, explain }: WaitOptions & { explain?: () => Promise<string> },
): Promise<T[]> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  let objects: T[] = [];
  for await (const change of watch(kube, resource, selection, either)) {
    objects = apply(objects, change);
    if (condition(objects)) return objects;
  }
  signal?.throwIfAborted();
  const why = await (explain?.() ?? Promise.resolve('')).catch((thrown: unknown) => String(thrown));
  throw new Error(`Waited ${String(timeoutMs / 1000)} s in vain until ${what}${why === '' ? '' : `:\n${why}`}`);
}

/** The state after a change. */
function apply<T extends KubeObject>(objects: T[], change: Change<T>): T[] {
  if (change.type === 'listed') return change.objects;
  const others = objects.filter((object) => object.metadata?.uid !== change.object.metadata?.uid);
  return change.type === 'deleted' ? others : [...others, change.object];
}

/** Waits until an object exists. */
export async function waitUntilExists<T extends KubeObject>(
  kube: Kube,
  resource: Resource<T>,
  selection: WatchSelection & { name: string },
  options: WaitOptions,
): Promise<T> {
  const what = `${resource.kind}/${selection.name} exists`;
  const [object] = await waitFor(kube, what, { resource, selection }, (objects) => objects.length > 0, options);
  if (object === undefined) throw new Error(`${what}: it was there and is not`);
  return object;
}

/**
 * Waits until there are pods and all that have not finished are ready.
 * @throws UserError at once when a pod can never start (its image cannot be pulled, its configuration is missing), and when the time is
 * up, with the reason: failed probes, events, last log lines.
 */
export async function waitForReadyPods(
  kube: Kube,
  selection: { namespace: string; labelSelector?: string },
  options: WaitOptions,
): Promise<Pod[]> {
  const refuseHopeless = hopelessness();
  try {
    return await waitFor(
      kube,
      `all pods in ${selection.namespace} are ready`,
      { resource: kinds.pod, selection },
      (pods) => {
        refuseHopeless(pods);
        const running = pods.filter((pod) => pod.status?.phase !== 'Succeeded');
        return running.length > 0 && running.every(isReady);
      },
      { ...options, explain: () => explainPods(kube, selection.namespace) },
    );
  } catch (thrown) {
    if (thrown instanceof UserError || options.signal?.aborted === true) throw thrown;
    throw new UserError({
      what: String(thrown instanceof Error ? thrown.message : thrown),
      where: `namespace ${selection.namespace}`,
      fix: 'correct what the events and log lines above name: probes, command, resources or configuration of the pod',
    });
  }
}

/**
 * Watches a namespace for pods that can never start. Never returns; to be raced against work that would wait for them in vain.
 * @throws UserError as soon as there is one; the abort's reason when `signal` aborts.
 */
export async function refuseHopelessPods(kube: Kube, namespace: string, signal: AbortSignal): Promise<never> {
  const refuseHopeless = hopelessness();
  for await (const change of watch(kube, kinds.pod, { namespace }, signal)) {
    if (change.type === 'listed') refuseHopeless(change.objects);
    else if (change.type !== 'deleted') refuseHopeless([change.object]);
  }
  throw signal.reason;
}

/**
 * A registry that does not answer is given this long, in ms: the kubelet has tried four times by then. Judged when the pod changes, which it
 * does at every attempt.
 */
const PULL_PATIENCE_MS = 60_000;

/** A judge of pods with a memory of how long their images could not be pulled. @throws UserError, when called, on a pod that can never start. */
function hopelessness(): (pods: Pod[]) => void {
  const since = new Map<string, number>();
  const isHopeless = ({ metadata }: Pod, { certain, pull = false }: Trouble) => {
    if (!pull) return certain;
    const name = metadata?.name ?? '';
    const first = since.get(name) ?? performance.now();
    since.set(name, first);
    return certain || performance.now() - first > PULL_PATIENCE_MS;
  };
  return (pods) => {
    const [first, ...rest] = pods
      .flatMap((pod) => troublesOf(pod).filter((trouble) => isHopeless(pod, trouble)))
      .map(({ message }) => ({
        what: message,
        fix: 'correct the image (name, tag, registry, pull secret) or the configuration that the pod names',
      }));
    if (first) throw new UserError(first, ...rest);
  };
}
