import { objectsIn } from '../kubernetes/discovery.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds, nameOf } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import { waitFor } from '../kubernetes/wait.ts';

/** Kubernetes, Istio and OpenShift put these into every namespace, whoever made it. */
const BY_THE_CLUSTER = [
  'ServiceAccount/default',
  'ConfigMap/kube-root-ca.crt',
  'ConfigMap/istio-ca-root-cert',
  'ConfigMap/istio-ca-crl',
  'ConfigMap/openshift-service-ca.crt',
];

/** Kubernetes deletes what a deleted object owned in the background; pods are given their grace period. In ms. */
const SETTLE_LIMIT_MS = 120_000;

/** Waits until the pods that controllers made are gone; what is still there after the time limit is left behind. */
export async function waitUntilSettled(kube: Kube, signal: AbortSignal): Promise<void> {
  const isGoing = ({ metadata }: Pod) =>
    metadata?.deletionTimestamp !== undefined ||
    (metadata?.ownerReferences ?? []).some(({ controller }) => controller === true);
  const pods = { resource: kinds.pod, selection: {} };
  const options = { timeoutMs: SETTLE_LIMIT_MS, signal };
  await waitFor(kube, 'the pods are gone', pods, (found) => !found.some(isGoing), options).catch(() => {
    signal.throwIfAborted();
  });
}

/** `Kind/name` of the objects in a namespace, but for what the cluster puts into each and the Secrets that the run made. */
export async function objectsNotFromCluster(
  kube: Kube,
  namespace: string,
  { secrets = [] }: { secrets?: readonly string[] } = {},
): Promise<string[]> {
  const expected = [...BY_THE_CLUSTER, ...secrets.map((name) => `Secret/${name}`)];
  const names = (await objectsIn(kube, namespace)).map(({ resource, object }) => nameOf(resource, object));
  return names.filter((name) => !expected.includes(name)).sort();
}
