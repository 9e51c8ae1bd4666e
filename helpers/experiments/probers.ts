import { randomBytes } from 'node:crypto';
import { PodReach } from '../gateways/reach.ts';
import { UserError } from '../errors.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import { waitForReadyPods } from '../kubernetes/wait.ts';
import type { TrafficPlan } from '../traffic/plan.ts';
import { Probers } from '../traffic/probers/probers.ts';
import type { RunningTraffic } from '../traffic/traffic.ts';
import { startTraffic } from '../traffic/traffic.ts';
import type { ExperimentContext } from './types.ts';

const NAME = 'probers';
const PORT = 8080;
/** Longest wait for the pods, in ms: a node may have to pull the image of the suite first. */
const READY_LIMIT_MS = 5 * 60_000;

/** What traffic needs to know about where it comes from. */
export type TrafficOrigin = Pick<ExperimentContext, 'probers' | 'namespace' | 'history' | 'signal'>;

/** Starts the traffic where it was asked for: on the machine of the run, or in prober pods. @throws Error when it cannot be made there. */
export function startFrom(context: TrafficOrigin, plan: TrafficPlan): Promise<RunningTraffic> {
  return context.probers === undefined ? startTraffic(plan) : startInPods(context, plan, context.probers);
}

/**
 * Traffic from pods in a namespace of their own, on as many nodes as there are: for load beyond one machine, and where the network between
 * this machine and the cluster is not to be trusted.
 */
async function startInPods(
  context: TrafficOrigin,
  plan: TrafficPlan,
  { count, image }: NonNullable<ExperimentContext['probers']>,
): Promise<RunningTraffic> {
  const { history, signal } = context;
  refuseLoopback(plan.url);
  const token = randomBytes(24).toString('base64url');
  const reference = await image();
  const own = await context.namespace();
  await own.kube.create(kinds.secret, { metadata: { name: NAME }, stringData: { token } });
  await own.kube.create(kinds.job, jobOf({ count, image: reference, longestMs: plan.limits.totalMs }));
  const reach = new PodReach(own.kube, PORT);
  try {
    const pods = await waitForReadyPods(own.kube, { namespace: own.name }, { timeoutMs: READY_LIMIT_MS, signal });
    history.fact('probers', { count, image: reference, nodes: pods.map(({ spec }) => spec?.nodeName ?? '') });
    const bases = await Promise.all(pods.map((pod) => reach.baseOf(pod)));
    const addresses = bases.map((base) => ({ base, token }));
    const traffic = await Probers.start({ ...plan, ...controlInCluster(plan, own.kube) }, addresses);
    return closing(traffic, () => void reach.close());
  } catch (thrown) {
    await reach.close();
    throw thrown;
  }
}

/** Ways to pods are given up with the traffic. */
function closing(traffic: RunningTraffic, close: () => void): RunningTraffic {
  return {
    launchLongCalls: () => traffic.launchLongCalls(),
    stop: () => traffic.stop().finally(close),
    kill: () => {
      traffic.kill();
      close();
    },
  };
}

/** An address that leads back to whoever calls it leads a pod to itself. */
function refuseLoopback(url: string): void {
  const { hostname } = new URL(url);
  if (!/^(localhost|127\.|\[::1\])/.test(hostname)) return;
  throw new UserError({
    what: `The target's clients enter at ${url}, which prober pods cannot reach`,
    where: 'probers',
    fix: 'declare an address that is reachable from within the cluster, or leave the probers out',
  });
}

/** What this machine reaches may be nothing that a pod does, but where the API server is every pod knows. */
function controlInCluster({ control }: TrafficPlan, { config }: Kube): Pick<TrafficPlan, 'control'> {
  const { server = '', caData } = config.getCurrentCluster() ?? {};
  const isApi = control !== undefined && server !== '' && control.url.startsWith(new URL(server).origin);
  if (!isApi) return control === undefined ? {} : { control };
  const ca = caData === undefined ? control.ca : Buffer.from(caData, 'base64').toString();
  return { control: { url: 'https://kubernetes.default.svc/livez', ...(ca === undefined ? {} : { ca }) } };
}

/** One pod each, all at once; none of them is replaced, since what it had seen is gone with it. */
function jobOf({ count, image, longestMs }: { count: number; image: string; longestMs: number }) {
  return {
    metadata: { name: NAME },
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: count,
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil((longestMs + READY_LIMIT_MS) / 1000),
      template: {
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { 'job-name': NAME } },
            },
          ],
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'prober',
              image,
              command: ['node', '/opt/seatrial/helpers/traffic/probers/prober.ts'],
              env: [
                { name: 'PROBER_PORT', value: String(PORT) },
                { name: 'PROBER_TOKEN', valueFrom: { secretKeyRef: { name: NAME, key: 'token' } } },
              ],
              ports: [{ name: 'http', containerPort: PORT }],
              readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1 },
              // No CPU limit: throttling would make calls late.
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  };
}
