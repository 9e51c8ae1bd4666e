import { ofFamily } from '../twin.ts';
import type { Twin } from '../twin.ts';

const target = 'contextforge';
const deployment = 'charts/gateway/templates/deployment.yaml';

function onChange(
  experiment: string,
  name: string,
  defect: string,
  patches: Twin['patches'],
  red: Record<string, RegExp>,
  mayTurnRed: Record<string, string> = {},
): Twin {
  const of = { red: ofFamily(experiment, red), mayTurnRed: ofFamily(experiment, mayTurnRed) };
  return { name, defect, target, experiment, patches, ...of };
}

const away = 'No replica is there for as long as one takes to start: what was not lost had to wait';

/** The bundled gateway with one defect each that shows only when it is changed while it is called. */
export const changeTwins: readonly Twin[] = [
  onChange(
    'config.rate-limit',
    'recreated',
    'all replicas go before new ones come, and without a word of warning',
    [
      { file: deployment, from: 'type: RollingUpdate', to: 'type: Recreate' },
      { file: deployment, from: /^ *rollingUpdate: .*\n/m, to: '' },
      { file: deployment, from: /^ *lifecycle:\n *preStop:\n *sleep: .*\n/m, to: '' },
    ],
    {
      'no-call-lost.new-connection': /^fail: \d+ of \d+ calls lost/,
      'no-call-lost.kept-alive': /^fail: \d+ of \d+ calls lost/,
      'no-call-lost.session': /^fail: \d+ of \d+ calls lost/,
    },
    { 'no-call-lost.in-flight': away, 'sessions-kept': away, 'no-stall': away, 'tools-coherent': away },
  ),
  onChange(
    'config.rate-limit',
    'all-replicas-at-once',
    'a rollout may take all replicas away at once',
    [{ file: deployment, from: '{ maxUnavailable: 0, maxSurge: 1 }', to: "{ maxUnavailable: '100%', maxSurge: 0 }" }],
    { 'no-call-lost.new-connection': /^fail: \d+ of \d+ calls lost/ },
    {
      'no-call-lost.kept-alive': away,
      'no-call-lost.session': away,
      'no-call-lost.in-flight': away,
      'sessions-kept': away,
      'no-stall': away,
      'tools-coherent': away,
    },
  ),
  onChange(
    'config.rate-limit',
    'stale',
    'pods take their environment from a ConfigMap, and nothing replaces them when it changes',
    [
      { file: deployment, from: /^ *checksum\/config: .*\n/m, to: '' },
      { file: deployment, from: /^ *- name: CONFIG_VERSION\n.*\n/m, to: '' },
    ],
    // Helm says that all is well, and no call is lost.
    {
      'served-by-every-pod': /^fail: 2 of 2 pods never served it/,
      'nothing-stale': /^fail: .*still served the old state/,
    },
  ),
  onChange(
    'config.rate-limit',
    'sessions-in-the-memory-of-a-pod',
    'a session lives in the memory of one replica, to which its client is pinned, and ends with it',
    [
      { file: 'values/gateway.yaml', set: { extraEnv: [{ name: 'USE_STATEFUL_SESSIONS', value: 'true' }] } },
      { file: 'charts/gateway/templates/service.yaml', from: /^ *type: .*\n/m, to: '$&  sessionAffinity: ClientIP\n' },
    ],
    {
      'sessions-kept': /^fail: /,
      'no-call-lost.session': /^fail: \d+ of \d+ calls lost/,
    },
    {
      'no-call-lost.in-flight': 'A long call may belong to a session',
      'tools-coherent': 'A session that is gone has no list of tools',
      'served-by-every-pod': 'A client that is pinned to one replica never meets the other',
      'nothing-stale': 'A client that is pinned to one replica meets the new one late',
    },
  ),
  onChange(
    'config.helm-rollback',
    'only-adds',
    'the registration adds tools and never takes one away, so a rollback leaves the added one behind',
    [
      {
        file: 'charts/gateway/files/register.py',
        from: / {4}if known is None:\n {8}request\("POST", "\/v1\/servers"/,
        to: '    wanted = sorted({*wanted, *(known or {}).get("associatedToolIds", [])})\n$&',
      },
    ],
    {
      restored: /^fail: not restored: .*Tool\/custom-tools-fail/,
      'served-by-every-pod': /^fail: 2 of 2 pods never served it/,
    },
    { 'nothing-stale': 'A pod that goes on with the added tool serves the old state' },
  ),
  onChange(
    'config.add-tool',
    'needless-restart',
    'a list that is kept in the database is in a checksum of the pods too, so they are replaced for nothing',
    [
      {
        file: deployment,
        from: /^( *)checksum\/config: .*\n/m,
        to: '$&$1checksum/servers: {{ toJson .Values.servers | sha256sum }}\n',
      },
    ],
    { 'no-needless-restart': /^fail: .* is a new pod/ },
    { 'no-stall': 'A replica that starts takes a core for itself; on two cores calls may wait for it' },
  ),
  onChange(
    'config.image-upgrade',
    'grace-shorter-than-drain',
    'pods are killed after six seconds, one of which is left to calls that take up to a minute',
    [
      {
        file: deployment,
        from: /terminationGracePeriodSeconds: .*/,
        to: 'terminationGracePeriodSeconds: {{ add .Values.preStopSeconds 1 }}',
      },
    ],
    { 'no-call-lost.in-flight': /^fail: .* lost/ },
    {
      'no-call-lost.kept-alive': 'A connection that is open when its process is killed is cut',
      'no-call-lost.new-connection': 'A call that is being answered when the process is killed is cut',
      'no-call-lost.session': 'A connection that is open when its process is killed is cut',
      'sessions-kept': 'The last call of a session may be the one that is cut',
      'no-stall': 'A cut connection is opened anew',
    },
  ),
  onChange(
    'config.node-drain',
    'budget-that-blocks-drains',
    'the disruption budget lets no replica go, so a node is never drained',
    [
      {
        file: 'charts/gateway/templates/poddisruptionbudget.yaml',
        from: /maxUnavailable: .*/,
        to: 'maxUnavailable: 0',
      },
    ],
    { made: /^fail: / },
    { '*': 'Pods that may not go do not move, and a change that did not end has no time around it' },
  ),
];
