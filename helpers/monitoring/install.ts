import type { HistoryWriter } from '../history/history.ts';
import { applyObjects } from '../kubernetes/apply.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { explainPods, isReady } from '../kubernetes/pods.ts';
import { kinds, nameOf } from '../kubernetes/resources.ts';
import type { Deployment, KubeObject, Pod } from '../kubernetes/resources.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { resolveEndpoint } from '../mcp/endpoint.ts';
import { waitUntil } from '../wait.ts';
import { filesOfPrometheus, MONITORING_FILES } from './files.ts';
import { configAnnotation, monitoringObjects, serverLabel } from './objects.ts';
import type { MonitoringInput } from './objects.ts';
import { Prometheus } from './prometheus.ts';

/** Both start within a second; the rest is for pulling images and for a busy machine. In ms. */
const READY_WITHIN_MS = 120_000;
/** From ready to reachable, in ms. */
const REACHABLE_WITHIN_MS = 30_000;
/** A mistake in its configuration ends a server each time; once may have been something else. */
const HOPELESS_RESTARTS = 2;

/** A Prometheus and an Alertmanager that run. They end with their namespace. */
export interface Monitoring {
  prometheus: Prometheus;
  /** Where people and clients find the Alertmanager. */
  alertmanagerUrl: string;
}

/**
 * Puts a Prometheus and an Alertmanager of its own into the namespace of `kube`, or brings those that are there up to date, and returns
 * when both are ready. Rules with a mistake keep Prometheus from starting.
 * @throws Error with the reason when one of them does not get ready, UserError when no node can be reached.
 */
export async function installMonitoring(
  kube: Kube,
  input: MonitoringInput,
  { history, signal }: { history?: HistoryWriter; signal?: AbortSignal } = {},
): Promise<Monitoring> {
  const { namespace } = kube;
  if (namespace === undefined) throw new Error('monitoring needs a namespace');
  const objects = monitoringObjects(namespace, input);
  for (const object of objects) history?.write('apply', nameOf({ kind: object.kind ?? '' }, object));
  await applyObjects(kube, objects);
  await waitForServers(kube, namespace, objects, signal);
  history?.fact(MONITORING_FILES, filesOfPrometheus(objects));
  const [prometheusUrl = '', alertmanagerUrl = ''] = await Promise.all(
    ['prometheus', 'alertmanager'].map(async (service) => {
      const url = await resolveEndpoint(kube, { service, port: 'http', path: '' }, signal);
      // The nodes learn of a ready pod a moment later than who watches pods.
      const answers = async () => (await fetch(`${url}/-/ready`)).ok;
      await waitUntil(`${service} answers at ${url}`, answers, { timeoutMs: REACHABLE_WITHIN_MS, everyMs: 100 });
      return url;
    }),
  );
  return { prometheus: new Prometheus(prometheusUrl), alertmanagerUrl };
}

/** Returns when the pods of just this configuration are ready; one that ends again and again is not waited for. */
async function waitForServers(
  kube: Kube,
  namespace: string,
  objects: readonly KubeObject[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const configurations = objects.flatMap((object) => {
    const { template } = (object as Deployment).spec ?? {};
    return object.kind === 'Deployment' ? [template?.metadata?.annotations?.[configAnnotation]] : [];
  });
  const areReady = (pods: Pod[]) =>
    pods.length === configurations.length &&
    pods.every((pod) => isReady(pod) && configurations.includes(pod.metadata?.annotations?.[configAnnotation]));
  const pods = await waitFor(
    kube,
    'Prometheus and its Alertmanager are ready',
    { resource: kinds.pod, selection: { labelSelector: serverLabel } },
    (found) => areReady(found) || found.some(endsAgain),
    { timeoutMs: READY_WITHIN_MS, signal, explain: () => explainPods(kube, namespace) },
  );
  if (!areReady(pods))
    throw new Error(`Prometheus or its Alertmanager does not stay up:\n${await explainPods(kube, namespace)}`);
}

function endsAgain({ status }: Pod): boolean {
  return (
    status?.containerStatuses?.some(({ ready, restartCount }) => !ready && restartCount >= HOPELESS_RESTARTS) ?? false
  );
}
