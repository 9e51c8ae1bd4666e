import type { Patch, Twin } from '../twin.ts';

const file = 'target.yaml';
const server = 'images/fastapi-iris/server';
const candidate = 'versions.candidate.env';

type Set = Extract<Patch, { set: unknown }>['set'];

function onModel(
  experiment: string,
  name: string,
  defect: string,
  patches: Twin['patches'] | Set,
  red: Record<string, RegExp>,
  mayTurnRed: Record<string, string> = {},
): Twin {
  const all = Array.isArray(patches) ? (patches as Twin['patches']) : [{ file, set: patches as Set }];
  return { name, defect, target: 'fastapi-iris', experiment, patches: all, red, mayTurnRed };
}

/** The bundled model with one defect each. */
export const modelTwins: readonly Twin[] = [
  onModel(
    'model.pitfalls',
    'iris-out-of-memory',
    'a replica gets less memory than the model takes',
    { 'resources.requests.memory': '48Mi', 'resources.limits.memory': '48Mi' },
    { 'pitfalls.load-within-limits': /^fail: .*killed for its memory/ },
    { 'pitfalls.warm-when-ready': 'A replica that never started has no first calls' },
  ),
  onModel(
    'model.pitfalls',
    'iris-throttled',
    'a replica gets a tenth of a core',
    {
      'resources.requests.cpu': '100m',
      'resources.limits.cpu': '100m',
      // It starts slowly too, which is not what is to be found here.
      'healthChecks.liveness.initialDelaySeconds': 120,
    },
    { 'pitfalls.load-within-limits': /^fail: .*CPU periods throttled \d\d/ },
    { 'pitfalls.warm-when-ready': 'What is throttled may be late from the first call on' },
  ),
  onModel(
    'model.pitfalls',
    'iris-ready-too-early',
    'readiness asks whether the process lives, so calls come before the model is loaded',
    { 'env.LOAD_DELAY_S': '10', 'healthChecks.readiness.path': '/health' },
    { 'pitfalls.warm-when-ready': /^fail: .*calls failed.*503/ },
    { 'pitfalls.load-within-limits': 'The load may begin before the model is loaded' },
  ),
  onModel(
    'model.health',
    'iris-always-ready',
    'readiness is always 200, whether or not there is a model',
    { 'healthChecks.readiness.path': '/health' },
    { 'health.readiness-tells-the-truth': /^fail: / },
  ),
  onModel(
    'model.health',
    'iris-memory-is-always-ok',
    'the check of the memory is a placeholder that says ok whatever is used',
    [{ file: `${server}/health.py`, from: '_status(share, self._limits["memory"])', to: '"ok"' }],
    { 'health.memory': /^fail: /, 'health.overall': /^fail: .*memory is ok at/ },
  ),
  onModel(
    'model.package',
    'iris-less-accurate',
    'the candidate is right for fewer rows than the stable version',
    { [`${candidate}.MODEL_PATH`]: '/opt/models/v2-inaccurate', [`${candidate}.MODEL_VERSION`]: 'v2' },
    { 'model.package.accuracy': /^fail: 43 of 50 right, before 47 of 50/ },
    { 'model.package.predicts': 'A sample may be one of the rows that it is wrong about' },
  ),
  onModel(
    'model.package',
    'iris-under-a-false-name',
    'the candidate says of itself that it is the stable version',
    { [`${candidate}.MODEL_VERSION`]: 'v1' },
    { 'model.package.version': /^fail: candidate calls itself v1/ },
  ),
  onModel(
    'model.package',
    'iris-same-model-again',
    'the candidate is the model of the stable version under another name',
    { [`${candidate}.MODEL_PATH`]: '/opt/models/v1', [`${candidate}.MODEL_VERSION`]: 'v2' },
    { 'model.package.digest': /^fail: the same model under two names/ },
  ),
  onModel(
    'model.autoscaling',
    'iris-cannot-scale',
    'the autoscaler may have no more replicas than there are already',
    { 'autoscaling.maxReplicas': 3 },
    { 'model.autoscaling.declared': /^fail: to 3: it cannot scale/, 'model.autoscaling.up': /^fail: / },
    {
      'model.autoscaling.down': 'What never grew does not shrink',
      'model.autoscaling.gate.resources': 'Three replicas bear what more were meant for',
    },
  ),
  onModel(
    'model.alerts',
    'iris-alert-that-cannot-fire',
    'the alert on failed requests waits for more than all of them to fail',
    { rollbackThreshold: 1 },
    { 'model.alerts.failing': /^fail: .* fired never/ },
    {
      'model.alerts.slack': 'Without that alert there is no message',
      'model.alerts.rules': 'No test can exceed the limit',
    },
  ),
  onModel(
    'strategy.rolling',
    'iris-metrics-of-the-runtime-alone',
    'the server tells what its runtime counts, and nothing of calls',
    [
      { file: `${server}/middleware.py`, from: /^ *REQUESTS\.labels\(.*\n/m, to: '' },
      { file: `${server}/app.py`, from: /PREDICTIONS\.labels\(.*/, to: 'pass' },
    ],
    { 'strategy.rolling.gate.metrics-active': /^fail: \d+ of \d+ pods without counters of calls/ },
  ),
  onModel(
    'model.alerts',
    'iris-metrics-that-never-move',
    'the counter of requests is there, and nothing counts',
    [{ file: `${server}/middleware.py`, from: /^ *REQUESTS\.labels\(.*\n/m, to: '' }],
    {
      'model.alerts.quiet': /^inconclusive: Prometheus saw no request/,
      'model.alerts.failing': /^fail: .* fired never/,
    },
    {
      'model.alerts.slack': 'Without an alert there is no message',
      'model.alerts.dashboard': 'A panel of requests has nothing to show',
      'model.alerts.scaled-to-nothing': 'Availability is told by counted requests',
    },
  ),
];
