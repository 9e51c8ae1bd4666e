import type { Twin } from '../twin.ts';

const deployment = 'charts/custom-server/templates/deployment.yaml';

function onServer(name: string, defect: string, patch: Twin['patches'][number], aspect: string, seen: RegExp): Twin {
  return {
    name,
    defect,
    target: 'contextforge',
    experiment: 'architecture',
    patches: [patch],
    red: { [`architecture.${aspect}`]: seen },
  };
}

/** The bundled tool server with one defect each in what is deployed: the gateway itself does not meet all of its declaration. */
export const architectureTwins: readonly Twin[] = [
  onServer(
    'no-pre-stop',
    'a pod that is told to stop stops at once, while clients are still sent to it',
    { file: deployment, from: /^ *lifecycle:\n *preStop:\n *sleep: .*\n/m, to: '' },
    'drain',
    /^fail: tool server: 0 s \+ 60 s/,
  ),
  onServer(
    'grace-too-short',
    'a pod is killed after half a minute, though a call may take a whole one',
    { file: deployment, from: /terminationGracePeriodSeconds: .*/, to: 'terminationGracePeriodSeconds: 30' },
    'drain',
    /^fail: tool server: 5 s \+ 60 s = 65 s, grace period 30 s/,
  ),
  onServer(
    'one-replica-less-while-rolling',
    'a rollout takes half of the replicas away before others come',
    { file: deployment, from: '{ maxUnavailable: 0, maxSurge: 1 }', to: "{ maxUnavailable: '50%', maxSurge: 1 }" },
    'rollout',
    /^fail: tool server: maxUnavailable 50%/,
  ),
  onServer(
    'probe-on-the-wrong-port',
    'the liveness probe asks a port that the container does not have',
    {
      file: deployment,
      from: /(livenessProbe:\n *httpGet: \{ path: \/worker\/health, port: )http/,
      to: '$1metrics',
    },
    'probes',
    /^fail: tool server: .*metrics/,
  ),
  onServer(
    'readiness-without-meaning',
    'a pod is ready as soon as its port is open',
    {
      file: deployment,
      from: /(readinessProbe:\n *)httpGet: \{ path: \/worker\/health, port: http \}/,
      to: '$1tcpSocket: { port: http }',
    },
    'probes',
    /^fail: tool server: connect to http/,
  ),
];
