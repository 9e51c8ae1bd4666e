import type {
  V1Container,
  V1DeploymentSpec,
  V1IngressSpec,
  V1NetworkPolicySpec,
  V1PodDisruptionBudgetSpec,
  V1PodTemplateSpec,
  V2HorizontalPodAutoscalerSpec,
} from '@kubernetes/client-node';
import type { Wire } from '../../../../helpers/kubernetes/resources.ts';
import { gone, ofObject, templateOf } from './mutate.ts';
import type { Chance, MutationKind } from './mutate.ts';

type Container = Wire<V1Container>;
type Deployment = Wire<V1DeploymentSpec>;
type PodSpec = NonNullable<Wire<V1PodTemplateSpec>['spec']>;
type Budget = Wire<V1PodDisruptionBudgetSpec>;
type Scaler = Wire<V2HorizontalPodAutoscalerSpec>;

/** A mutation of the pods of one of the charts: of the container that serves, or of what is around it. */
function ofPods(
  name: string,
  what: string,
  mutate: (container: Container, chance: Chance, pod: PodSpec) => void,
  of?: readonly string[],
): MutationKind {
  const inTemplate = (spec: unknown, chance: Chance) => {
    const { template } = spec as Deployment;
    const [container] = template.spec?.containers ?? [];
    if (template.spec === undefined || container === undefined) throw new Error('a Deployment without a container');
    mutate(container, chance, template.spec);
  };
  return ofObject('Deployment', name, what, inTemplate, of);
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** What somebody may get wrong in a chart, and manifests alone can tell. */
export const kinds: readonly MutationKind[] = [
  ofPods('no-pre-stop', 'no preStop', (container) => delete container.lifecycle),
  ofPods('grace-too-short', 'a grace period shorter than the longest call, or none', (_container, chance, pod) => {
    const grace = chance([undefined, 0, 1, 10, 30, 60, 64]);
    if (grace === undefined) delete pod.terminationGracePeriodSeconds;
    else pod.terminationGracePeriodSeconds = grace;
  }),
  ofPods('no-probe', 'one of the probes is not there', (container, chance) => {
    Reflect.deleteProperty(container, chance(PROBES));
  }),
  ofPods('probe-on-the-wrong-port', 'a probe at a port that the container does not have', (container, chance) => {
    const { httpGet } = container[chance(PROBES)] ?? {};
    if (httpGet !== undefined) httpGet.port = chance<number | string>([80, 8080, 9, 'metrics', 'web']);
  }),
  ofPods('probe-on-another-path', 'readiness or liveness asks what it should not', (container, chance) => {
    const { httpGet } = container[chance(['readinessProbe', 'livenessProbe'] as const)] ?? {};
    if (httpGet !== undefined) httpGet.path = chance(['/', '/version', '/healthz']);
  }),
  ofPods('readiness-by-port', 'readiness only asks whether a port is open', (container) => {
    container.readinessProbe = { tcpSocket: { port: 'http' } };
  }),
  ofPods('no-resources', 'requests or limits are not there', (container, chance) => {
    const { requests = {}, limits = {} } = container.resources ?? {};
    const field = chance(['requests.cpu', 'requests.memory', 'limits.memory', 'requests', 'limits', 'all']);
    if (field === 'all') delete container.resources;
    else if (field === 'requests') container.resources = { limits };
    else if (field === 'limits') container.resources = { requests };
    else if (field === 'limits.memory') delete limits.memory;
    else Reflect.deleteProperty(requests, field === 'requests.cpu' ? 'cpu' : 'memory');
  }),
  ofObject('Deployment', 'recreate', 'all replicas go before new ones come', (spec: Deployment) => {
    spec.strategy = { type: 'Recreate' };
  }),
  ofObject('Deployment', 'max-unavailable', 'some replicas go before others come', (spec: Deployment, chance) => {
    const rollingUpdate = chance([
      { maxUnavailable: '100%', maxSurge: 1 },
      { maxUnavailable: '50%', maxSurge: 1 },
      { maxUnavailable: 1, maxSurge: 0 },
      { maxUnavailable: 2, maxSurge: '25%' },
    ]);
    spec.strategy = { type: 'RollingUpdate', rollingUpdate };
  }),
  ofPods('moving-tag', 'an image by a tag that is moved, or by none', (container, chance) => {
    container.image = (container.image ?? '').replace(/:[^:/]+$/, chance([':latest', ':main', ':stable', '']));
  }),
  {
    name: 'no-checksum',
    what: 'the pods do not follow their ConfigMap',
    mutate: ({ before, after }, chance) => {
      const chosen = chance(before.filter(({ kind }) => kind === 'Deployment'));
      const same = after.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata?.name === chosen.metadata?.name,
      );
      const template = templateOf(same);
      for (const key of Object.keys(template)) Reflect.deleteProperty(template, key);
      Object.assign(template, structuredClone(templateOf(chosen)));
    },
  },
  ofPods('no-spread', 'nothing spreads the replicas, or what does is about other pods', (_container, chance, pod) => {
    const [rule] = pod.topologySpreadConstraints ?? [];
    if (rule !== undefined && chance([true, false])) rule.labelSelector = { matchLabels: { app: 'another' } };
    else delete pod.topologySpreadConstraints;
  }),
  ofPods('may-be-root', 'a container with rights that it does not need', (container, chance, pod) => {
    const own = (container.securityContext ??= {});
    const mistakes = {
      root: () => (own.runAsUser = 0),
      escalates: () => (own.allowPrivilegeEscalation = true),
      privileged: () => (own.privileged = true),
      capabilities: () => (own.capabilities = { add: ['NET_ADMIN'] }),
      writable: () => (own.readOnlyRootFilesystem = false),
      network: () => (pod.hostNetwork = true),
      volume: () => (pod.volumes = [{ name: 'tmp', hostPath: { path: '/var/lib' } }]),
      seccomp: () => (own.seccompProfile = { type: 'Unconfined' }),
    };
    mistakes[chance(Object.keys(mistakes) as (keyof typeof mistakes)[])]();
  }),
  ofPods('token-mounted', 'a token for the Kubernetes API that nobody needs', (_container, _chance, pod) => {
    pod.automountServiceAccountToken = true;
  }),
  ofPods('secret-in-the-open', 'a secret as the value of a variable', (container, chance) => {
    const name = chance(['BASIC_AUTH_PASSWORD', 'API_TOKEN', 'JWT_SECRET_KEY', 'ACCESS_KEY']);
    container.env = [...(container.env ?? []), { name, value: 'correct-horse-battery' }];
  }),
  // The gateway's are up to its autoscaler.
  ofObject('Deployment', 'one-replica', 'a single replica', (spec: Deployment) => (spec.replicas = 1), [
    'custom-server',
  ]),
  ofScaler('one-replica-at-least', 'an autoscaler that is content with one replica', (spec) => (spec.minReplicas = 1)),
  ofScaler('autoscaler-that-cannot-scale', 'at most is as many as at least', (spec) => {
    spec.maxReplicas = spec.minReplicas ?? 1;
  }),
  gone('HorizontalPodAutoscaler', 'no-autoscaler', 'no autoscaler'),
  gone('PodDisruptionBudget', 'no-budget', 'no disruption budget'),
  ofBudget('budget-that-blocks', 'a disruption budget that blocks every drain', (spec, chance) => {
    delete spec.maxUnavailable;
    Object.assign(spec, chance([{ maxUnavailable: 0 }, { minAvailable: '100%' }, { minAvailable: 9 }]));
  }),
  ofBudget('budget-that-protects-nothing', 'a disruption budget that lets all go', (spec) => {
    spec.maxUnavailable = '100%';
  }),
  ofBudget('budget-of-others', 'a disruption budget that selects other pods', (spec) => {
    spec.selector = { matchLabels: { app: 'another' } };
  }),
  gone('NetworkPolicy', 'no-network-policy', 'no NetworkPolicy'),
  ofObject(
    'NetworkPolicy',
    'open-network-policy',
    'a NetworkPolicy that allows everything',
    (spec: Wire<V1NetworkPolicySpec>, chance) => {
      spec[chance(['ingress', 'egress'] as const)] = [{}];
    },
  ),
  ofObject('Ingress', 'no-tls', 'clients enter in the clear', (spec: Wire<V1IngressSpec>) => delete spec.tls),
  ofPods(
    'store-in-the-clear',
    'a store that is reached without TLS',
    ({ env = [] }, chance) => {
      const [chosen, mode] = [chance(['DATABASE_URL', 'REDIS_URL']), chance(['disable', 'allow', 'prefer'])];
      for (const variable of env.filter(({ name }) => name === chosen))
        variable.value = (variable.value ?? '')
          .replace('rediss://', 'redis://')
          .replace(/sslmode=[a-z-]+/, `sslmode=${mode}`);
    },
    ['gateway'],
  ),
];

function ofBudget(name: string, what: string, mutate: (spec: Budget, chance: Chance) => void): MutationKind {
  return ofObject('PodDisruptionBudget', name, what, mutate);
}

function ofScaler(name: string, what: string, mutate: (spec: Scaler, chance: Chance) => void): MutationKind {
  return ofObject('HorizontalPodAutoscaler', name, what, mutate);
}
