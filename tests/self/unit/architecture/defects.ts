import type { AspectId, Row } from '../../../../helpers/architecture/compare.ts';
import type { Live } from '../../../../helpers/architecture/live.ts';
import type { Architecture } from '../../../../helpers/architecture/schema.ts';
import { container, workload } from './production.ts';

/** One deliberate defect in what runs in production, and the row that must tell of it. */
export interface Defect {
  name: string;
  aspect: AspectId;
  damage: (live: Live, declared: Architecture) => void;
  state: Row['state'];
  where: string;
  found: RegExp;
}

const template = (path: string) => `Deployment/gateway spec.template.spec.${path}`;
const spec = (live: Live) => workload(live, 'gateway').template.spec;

/** Every one of them turns its own aspect red and no other. */
export const defects: Defect[] = [
  {
    name: 'a component that does not run',
    aspect: 'components',
    damage: (live) => {
      live.workloads = live.workloads.filter(({ name }) => name !== 'custom-server');
    },
    state: 'differs',
    where: 'Deployment/custom-server',
    found: /there is no Deployment\/custom-server/,
  },
  {
    name: 'a workload that nobody recommended',
    aspect: 'components',
    damage: (live) => {
      live.workloads.push({ ...structuredClone(workload(live, 'gateway')), name: 'pgadmin' });
    },
    state: 'differs',
    where: 'Deployment/pgadmin',
    found: /no part of the recommended architecture/,
  },
  {
    name: 'one replica that is not ready',
    aspect: 'replicas',
    damage: (live) => {
      const [pod] = live.pods.filter(({ name }) => name.startsWith('gateway-'));
      if (pod !== undefined) pod.ready = false;
    },
    state: 'differs',
    where: 'HorizontalPodAutoscaler/gateway spec.minReplicas',
    found: /^3, 2 of them ready$/,
  },
  {
    name: 'no rule that spreads the replicas',
    aspect: 'spread',
    damage: (live) => {
      delete spec(live).topologySpreadConstraints;
    },
    state: 'differs',
    where: template('topologySpreadConstraints'),
    found: /no rule about kubernetes.io\/hostname/,
  },
  {
    name: 'a rule that selects other pods',
    aspect: 'spread',
    damage: (live) => {
      for (const rule of spec(live).topologySpreadConstraints ?? []) rule.labelSelector = { matchLabels: { app: 'x' } };
    },
    state: 'differs',
    where: template('topologySpreadConstraints'),
    found: /no rule/,
  },
  {
    name: 'all replicas on one node',
    aspect: 'spread',
    damage: (live) => {
      const [first] = live.nodes;
      for (const pod of live.pods) if (first !== undefined) pod.node = first.name;
    },
    state: 'differs',
    where: template('topologySpreadConstraints[0]'),
    found: /3 pods on 1 of 2 nodes/,
  },
  {
    name: 'a cluster with one node',
    aspect: 'spread',
    damage: (live) => {
      live.nodes = live.nodes.slice(0, 1);
    },
    state: 'unknown',
    where: template('topologySpreadConstraints[0]'),
    found: /one node: nothing can be spread/,
  },
  {
    name: 'no disruption budget',
    aspect: 'disruption-budget',
    damage: (live) => {
      live.podDisruptionBudgets = live.podDisruptionBudgets.filter(({ name }) => name !== 'gateway');
    },
    state: 'differs',
    where: 'Deployment/gateway',
    found: /no PodDisruptionBudget/,
  },
  {
    name: 'a disruption budget that blocks every drain',
    aspect: 'disruption-budget',
    damage: (live) => {
      budget(live, { minAvailable: '100%' });
    },
    state: 'differs',
    where: 'PodDisruptionBudget/gateway spec.minAvailable',
    found: /blocks every drain/,
  },
  {
    name: 'a disruption budget that protects too little',
    aspect: 'disruption-budget',
    damage: (live) => {
      budget(live, { maxUnavailable: '60%' });
    },
    state: 'differs',
    where: 'PodDisruptionBudget/gateway spec.maxUnavailable',
    // 60 % of 3 is rounded up to 2.
    found: /leaves 1 running/,
  },
  {
    name: 'two disruption budgets for the same pods',
    aspect: 'disruption-budget',
    damage: (live) => {
      const own = live.podDisruptionBudgets.find(({ name }) => name === 'gateway');
      if (own !== undefined) live.podDisruptionBudgets.push({ ...own, name: 'second' });
    },
    state: 'differs',
    where: 'PodDisruptionBudget/gateway, PodDisruptionBudget/second spec.selector',
    found: /every eviction is refused/,
  },
  {
    name: 'no startup probe',
    aspect: 'probes',
    damage: (live) => {
      delete container(live, 'gateway').startupProbe;
    },
    state: 'differs',
    where: template('containers[gateway].startupProbe'),
    found: /^none$/,
  },
  {
    name: 'a readiness probe that asks another path',
    aspect: 'probes',
    damage: (live) => {
      container(live, 'gateway').readinessProbe = { httpGet: { path: '/version', port: 'http' } };
    },
    state: 'differs',
    where: template('containers[gateway].readinessProbe'),
    found: /GET \/version at http/,
  },
  {
    name: 'a liveness probe at a port that the container does not have',
    aspect: 'probes',
    damage: (live) => {
      container(live, 'gateway').livenessProbe = { httpGet: { path: '/health', port: 'metrics' } };
    },
    state: 'differs',
    where: template('containers[gateway].livenessProbe'),
    found: /GET \/health at metrics, a port that the container does not have/,
  },
  {
    name: 'a readiness probe at a number that is no port of the container',
    aspect: 'probes',
    damage: (live) => {
      container(live, 'gateway').readinessProbe = { httpGet: { path: '/ready', port: 9 } };
    },
    state: 'differs',
    where: template('containers[gateway].readinessProbe'),
    found: /a port that the container does not have/,
  },
  {
    name: 'a readiness probe that only opens a port',
    aspect: 'probes',
    damage: (live, declared) => {
      for (const component of declared.components) component.probes = { startup: true };
      container(live, 'gateway').readinessProbe = { tcpSocket: { port: 'http' } };
      container(live, 'custom-server').readinessProbe = { httpGet: { path: '/ready', port: 'http' } };
    },
    state: 'differs',
    where: template('containers[gateway].readinessProbe'),
    found: /only whether a port is open/,
  },
  {
    name: 'no memory limit',
    aspect: 'resources',
    damage: (live) => {
      delete container(live, 'gateway').resources?.limits;
    },
    state: 'differs',
    where: template('containers[gateway].resources.limits.memory'),
    found: /not set/,
  },
  {
    name: 'all replicas replaced at once',
    aspect: 'rollout',
    damage: (live) => {
      workload(live, 'gateway').strategy = { type: 'Recreate' };
    },
    state: 'differs',
    where: 'Deployment/gateway spec.strategy',
    found: /Recreate/,
  },
  {
    name: 'a replica that goes before another comes',
    aspect: 'rollout',
    damage: (live) => {
      workload(live, 'gateway').strategy.rollingUpdate = { maxUnavailable: '50%', maxSurge: '25%' };
    },
    state: 'differs',
    where: 'Deployment/gateway spec.strategy.rollingUpdate',
    found: /maxUnavailable 50%/,
  },
  {
    name: 'a grace period that is too short',
    aspect: 'drain',
    damage: (live) => {
      spec(live).terminationGracePeriodSeconds = 64;
    },
    state: 'differs',
    where: template('terminationGracePeriodSeconds'),
    found: /5 s \+ 60 s = 65 s, grace period 64 s/,
  },
  {
    name: 'no preStop',
    aspect: 'drain',
    damage: (live) => {
      delete container(live, 'gateway').lifecycle;
    },
    state: 'differs',
    where: template('terminationGracePeriodSeconds'),
    found: /^0 s \+ 60 s/,
  },
  {
    name: 'a preStop whose length only running it would tell',
    aspect: 'drain',
    damage: (live) => {
      container(live, 'gateway').lifecycle = { preStop: { exec: { command: ['/drain.sh'] } } };
    },
    state: 'unknown',
    where: template('terminationGracePeriodSeconds'),
    found: /cannot be read/,
  },
  {
    name: 'an autoscaler that cannot add anything',
    aspect: 'autoscaling',
    damage: (live) => {
      for (const { spec: scaler } of live.autoscalers) scaler.maxReplicas = 3;
    },
    state: 'differs',
    where: 'HorizontalPodAutoscaler/gateway spec',
    found: /from 3 up to 3/,
  },
  {
    name: 'an autoscaler without metrics',
    aspect: 'autoscaling',
    damage: (live) => {
      for (const scaler of live.autoscalers) scaler.inactive = 'unable to get metrics for resource cpu';
    },
    state: 'unknown',
    where: 'HorizontalPodAutoscaler/gateway spec',
    found: /not active here: unable to get metrics/,
  },
  {
    name: 'a database that is a pod of the namespace, by its full name',
    aspect: 'stores-external',
    damage: (live) => {
      store(live, 'database').host = 'gateway-postgres.seatrial-qsb6m.svc.cluster.local';
    },
    state: 'differs',
    where: 'gateway env[DATABASE_URL] → Service/gateway-postgres',
    found: /is a Service of pods in the namespace/,
  },
  {
    name: 'a connection to the database that goes on without TLS',
    aspect: 'stores-tls',
    damage: (live) => {
      store(live, 'database').tls = { sslmode: 'prefer' };
    },
    state: 'differs',
    where: 'gateway env[DATABASE_URL]',
    found: /sslmode=prefer/,
  },
  {
    name: 'a cache in the clear',
    aspect: 'stores-tls',
    damage: (live) => {
      store(live, 'cache').scheme = 'redis';
    },
    state: 'differs',
    where: 'gateway env[REDIS_URL]',
    found: /^redis:\/\/$/,
  },
  {
    name: 'no NetworkPolicy for what goes out',
    aspect: 'network-policy',
    damage: (live) => {
      for (const policy of live.networkPolicies.filter(({ name }) => name === 'gateway'))
        if (policy.spec !== undefined) policy.spec.policyTypes = ['Ingress'];
    },
    state: 'differs',
    where: 'Deployment/gateway',
    found: /none selects its pods for egress/,
  },
  {
    name: 'a second NetworkPolicy that allows everything',
    aspect: 'network-policy',
    damage: (live) => {
      live.networkPolicies.push({ name: 'open', spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] } });
    },
    state: 'differs',
    where: 'NetworkPolicy/open spec.ingress',
    found: /allows everything/,
  },
  {
    name: 'a cluster that does not enforce NetworkPolicies',
    aspect: 'network-policy-enforced',
    damage: (live) => {
      live.networkPlugins = { enforcing: [], ignoring: [] };
    },
    state: 'unknown',
    where: 'DaemonSets of the cluster',
    found: /declared, not enforced here/,
  },
  {
    name: 'a network that ignores NetworkPolicies',
    aspect: 'network-policy-enforced',
    damage: (live) => {
      live.networkPlugins = { enforcing: [], ignoring: ['kube-flannel-ds'] };
    },
    state: 'differs',
    where: 'DaemonSets of the cluster',
    found: /kube-flannel-ds takes no notice/,
  },
  {
    name: 'a container that may run as root',
    aspect: 'pod-security',
    damage: (live) => {
      delete spec(live).securityContext?.runAsNonRoot;
    },
    state: 'differs',
    where: template('containers[gateway].securityContext.runAsNonRoot'),
    found: /not set/,
  },
  {
    name: 'a writable root file system',
    aspect: 'pod-security',
    damage: (live) => {
      const { securityContext } = container(live, 'gateway');
      if (securityContext !== undefined) securityContext.readOnlyRootFilesystem = false;
    },
    state: 'differs',
    where: template('containers[gateway].securityContext.readOnlyRootFilesystem'),
    found: /writable/,
  },
  {
    name: 'a token that nobody needs',
    aspect: 'service-account-token',
    damage: (live) => {
      delete spec(live).automountServiceAccountToken;
      for (const account of live.serviceAccounts) delete account.automountServiceAccountToken;
    },
    state: 'differs',
    where: template('automountServiceAccountToken'),
    found: /ServiceAccount\/gateway is mounted/,
  },
  {
    name: 'a password in an environment variable',
    aspect: 'secrets',
    damage: (live) => {
      container(live, 'gateway').env.push({ name: 'BASIC_AUTH_PASSWORD', literal: 'text' });
    },
    state: 'differs',
    where: template('containers[gateway].env[BASIC_AUTH_PASSWORD].value'),
    found: /by its name a secret/,
  },
  {
    name: 'a password in a URL of a ConfigMap',
    aspect: 'secrets',
    damage: (live) => {
      for (const map of live.configMaps.filter(({ name }) => name === 'gateway'))
        map.data.OTEL_EXPORTER = 'password in a URL';
    },
    state: 'differs',
    where: 'ConfigMap/gateway data.OTEL_EXPORTER',
    found: /a password in a URL/,
  },
  {
    name: 'an image that is moved',
    aspect: 'images',
    damage: (live) => {
      container(live, 'gateway').image = 'registry.example.com:5000/contextforge:latest';
    },
    state: 'differs',
    where: template('containers[gateway].image'),
    found: /:latest$/,
  },
  {
    name: 'an image without a tag, from a registry with a port',
    aspect: 'images',
    damage: (live) => {
      container(live, 'gateway').image = 'registry.example.com:5000/contextforge';
    },
    state: 'differs',
    where: template('containers[gateway].image'),
    found: /contextforge$/,
  },
  {
    name: 'an Ingress without TLS',
    aspect: 'entry-tls',
    damage: (live) => {
      for (const { spec: ingress } of live.ingresses) delete ingress?.tls;
    },
    state: 'differs',
    where: 'Ingress/gateway spec.tls',
    found: /no TLS/,
  },
  {
    name: 'a way in that is not encrypted',
    aspect: 'entry-tls',
    damage: (live) => {
      live.ingresses = [];
    },
    state: 'differs',
    where: 'Service/gateway',
    found: /in the clear: http:/,
  },
  {
    name: 'a certificate that is not trusted',
    aspect: 'entry-tls',
    damage: (live) => {
      const handshake = { protocol: 'TLSv1.3', trusted: false, error: 'CERT_HAS_EXPIRED', validTo: 'Nov 20 2026' };
      live.entry = { url: 'https://gateway.example.com/mcp', handshake };
    },
    state: 'differs',
    where: 'https://gateway.example.com/mcp',
    found: /not trusted: CERT_HAS_EXPIRED/,
  },
];

function budget(live: Live, limits: { minAvailable: string } | { maxUnavailable: string }): void {
  for (const own of live.podDisruptionBudgets.filter(({ name }) => name === 'gateway'))
    own.spec = { ...(own.spec?.selector === undefined ? {} : { selector: own.spec.selector }), ...limits };
}

function store(live: Live, name: string) {
  const found = live.stores.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
