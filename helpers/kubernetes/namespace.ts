import { HttpMethod } from '@kubernetes/client-node';
import type { HistoryWriter } from '../history/history.ts';
import { describeLeftover, objectsIn } from './discovery.ts';
import { isNotFound } from './kube.ts';
import type { Kube } from './kube.ts';
import { labels } from './labels.ts';
import { ownerMetadata, ownerOf } from './owner.ts';
import { releaseReconcilers } from './reconcilers.ts';
import { kinds, nameOf } from './resources.ts';
import type { Namespace } from './resources.ts';
import { waitFor, waitUntilExists } from './wait.ts';

/** In ms. */
const TIME_LIMITS = {
  /** The controllers make the ServiceAccount and the ConfigMap within a second; a cluster that has just come up may be busier. */
  usable: 60_000,
  /** Pods are given a second to end; the rest is for volumes and finalizers. */
  gone: 150_000,
} as const;

/** A namespace of the suite's own, for one test or one experiment. */
export interface TrialNamespace {
  name: string;
  /** The client, bound to this namespace. */
  kube: Kube;
  /**
   * Deletes the namespace and returns once it is verified gone; nothing happens when it is gone already.
   * @throws Error naming what is left, with finalizers, when that takes too long.
   */
  dispose(options?: { timeoutMs?: number }): Promise<void>;
}

export interface NamespaceFacts {
  /** Id of the run. */
  run: string;
  /** Title of the test, or id of the experiment, that it is for. */
  test: string;
  /** Process id that answers for it; it may be swept once that process has ended. */
  owner: number;
  history?: HistoryWriter | undefined;
}

/**
 * Makes a namespace with a name that the server chooses, and returns when it is usable: pods can be created once the default
 * ServiceAccount exists, and reach the API server once the ConfigMap with the root CA does.
 */
export async function createNamespace(
  kube: Kube,
  { run, test, owner, history }: NamespaceFacts,
): Promise<TrialNamespace> {
  const metadata = { generateName: 'seatrial-', ...ownerMetadata({ run, test, owner: ownerOf(owner) }) };
  const created = await kube.create(kinds.namespace, { metadata });
  const name = created.metadata?.name ?? '';
  history?.write('create', nameOf(kinds.namespace, created));
  const namespace = trialNamespace(kube.within(name), created, history);
  try {
    const options = { timeoutMs: TIME_LIMITS.usable };
    await Promise.all([
      waitUntilExists(kube, kinds.serviceAccount, { namespace: name, name: 'default' }, options),
      waitUntilExists(kube, kinds.configMap, { namespace: name, name: 'kube-root-ca.crt' }, options),
    ]);
    return namespace;
  } catch (thrown) {
    await namespace.dispose();
    throw thrown;
  }
}

function trialNamespace(kube: Kube, created: Namespace, history: HistoryWriter | undefined): TrialNamespace {
  let disposal: Promise<void> | undefined;
  return {
    name: created.metadata?.name ?? '',
    kube,
    dispose: (options) => (disposal ??= removeNamespace(kube, created, { ...options, history })),
  };
}

/**
 * Deletes a namespace of the suite's own and verifies that it is gone.
 * @throws Error when it does not bear the suite's label, and when it is not gone in time: then it names what is left.
 */
export async function removeNamespace(
  kube: Kube,
  { metadata }: Namespace,
  { timeoutMs = TIME_LIMITS.gone, history }: { timeoutMs?: number; history?: HistoryWriter | undefined } = {},
): Promise<void> {
  const name = metadata?.name ?? '';
  const uid = metadata?.uid;
  try {
    const current = await kube.get(kinds.namespace, { name });
    if (current.metadata?.uid !== uid) return;
    if (current.metadata?.labels?.[labels.run] === undefined) {
      throw new Error(`Namespace/${name} has no label ${labels.run}: it is not Seatrial's to delete`);
    }
    history?.write('delete', nameOf(kinds.namespace, current));
    await kube.delete(kinds.namespace, { name }, { uid });
    await releaseReconcilers(kube, name);
    await endWorkloads(kube, name);
  } catch (thrown) {
    if (isNotFound(thrown)) return;
    throw thrown;
  }
  await waitFor(
    kube,
    `Namespace/${name} is gone`,
    { resource: kinds.namespace, selection: { name } },
    (namespaces) => namespaces.every((namespace) => namespace.metadata?.uid !== uid),
    { timeoutMs, explain: () => leftovers(kube, name) },
  );
}

/**
 * Asks pods and volume claims to go at once. The namespace controller first looks after 5 s; of pods that are there then it waits for
 * half of their longest grace period before it looks again. Nobody is served any more and the data goes, too, so pods get a second
 * instead of their grace period. In a namespace that is ending nothing can be made anew, so their controllers need not be asked first.
 */
async function endWorkloads(kube: Kube, namespace: string): Promise<void> {
  const remove = (path: string, query = {}) => kube.request(path, { method: HttpMethod.DELETE, query });
  await Promise.all([
    remove(kube.path(kinds.pod, { namespace }), { gracePeriodSeconds: 1 }),
    remove(kube.path(kinds.persistentVolumeClaim, { namespace })),
  ]);
}

/** What stands in the way of a namespace's end, one object a line. */
async function leftovers(kube: Kube, name: string): Promise<string> {
  const [namespace, objects] = await Promise.all([kube.get(kinds.namespace, { name }), objectsIn(kube, name)]);
  const own = namespace.spec?.finalizers?.filter((finalizer) => finalizer !== 'kubernetes') ?? [];
  const lines = [
    ...(own.length === 0 ? [] : [`the namespace itself (finalizers: ${own.join(', ')})`]),
    ...objects.map((found) => describeLeftover(found)),
  ];
  return lines.length === 0 ? 'nothing is left in it' : `still there:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
