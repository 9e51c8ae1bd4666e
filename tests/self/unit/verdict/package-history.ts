import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { PackageFact } from '../../../../helpers/serving/package-fact.ts';
import { packageFact } from '../../../../helpers/serving/package-fact.ts';
import { changed, failedStep, isFact, isStep, without } from './histories.ts';
import type { Damage, Damages } from './histories.ts';

/** What `model.package` records of a model of which both versions are as they should be, and the defects of the others show. */

const refusals = ['a wrong shape', 'NaN', 'an empty batch', 'a batch of 65'].map((what) => ({
  what,
  outcome: 'refused' as const,
  message: 'HTTP 422',
}));

function found(modelVersion: string, digest: string, fields: Partial<PackageFact> = {}): PackageFact {
  const sample = { name: 'first', ok: true, version: modelVersion };
  return {
    declared: { modelVersion, image: 'registry.example.com/ml-model:v1' },
    ready: true,
    imageId: `sha256:${digest}`,
    version: modelVersion,
    digest,
    samples: [sample],
    batch: { ...sample, name: 'all 1 samples at once' },
    accuracy: { right: 47, rows: 50, minimum: 0.92, mayLose: 0 },
    ...fields,
  };
}

const sound = { refusals, after: { name: 'first', ok: true, version: 'v1' } };

const packages: Record<string, PackageFact> = {
  stable: found('v1', 'aa', sound),
  candidate: found('v2', 'bb', { ...sound, accuracy: { right: 50, rows: 50, minimum: 0.92, mayLose: 0 } }),
  inaccurate: found('v2-inaccurate', 'cc', { accuracy: { right: 43, rows: 50, minimum: 0.92, mayLose: 0 } }),
  failing: found('v2-failing', 'bb', { samples: [{ name: 'first', ok: false, error: 'HTTP 500' }] }),
  lying: found('v2-lying', 'cc', { version: 'v1' }),
  slow: found('v2-slow', 'bb'),
  'never-ready': {
    declared: { modelVersion: 'v2-never-ready', image: 'registry.example.com/ml-model:v1' },
    ready: false,
    reason: 'the model could not be loaded',
    samples: [],
  },
};

export const packageHistory = new History([
  { type: 'begin', at: 0, experiment: 'model.package', target: 'model', run: '20261121-100000-abcd' },
  { type: 'fact', at: 1, key: 'package.names', value: Object.keys(packages) },
  ...Object.entries(packages).flatMap(([name, value]): HistoryRecord[] => [
    { type: 'step', id: `examine.${name}`, title: name, start: 2, end: 3, ok: true },
    { type: 'fact', at: 3, key: `package.${name}`, value },
  ]),
  { type: 'end', at: 4, status: 'completed' },
]);

/** For every check on packages: what turns it red, and what blinds it. */
export function packageDamages(): Record<string, Damages> {
  return {
    'model.package.predicts': {
      fail: putting('candidate', { batch: { name: 'all', ok: false, error: 'class is setosa' } }),
      inconclusive: putting('candidate', { samples: [] }),
    },
    'model.package.accuracy': {
      fail: putting('candidate', { accuracy: { right: 46, rows: 50, minimum: 0.92, mayLose: 0 } }),
      inconclusive: putting('candidate', { accuracy: undefined }),
    },
    'model.package.version': {
      fail: putting('candidate', { samples: [{ name: 'first', ok: true, version: 'v1' }] }),
      inconclusive: putting('candidate', { version: undefined }),
    },
    'model.package.digest': {
      fail: putting('candidate', { digest: 'aa' }),
      inconclusive: putting('candidate', { digest: undefined, imageId: 'sha256:aa' }),
    },
    'model.package.refuses-wrong-input': {
      fail: putting('stable', { refusals: [{ what: 'NaN', outcome: 'answered', message: '{"class":"setosa"}' }] }),
      inconclusive: putting('stable', { refusals: [] }),
    },
    'model.package.defects-show': {
      fail: putting('lying', { version: 'v2-lying', samples: [] }),
      inconclusive: without(isStep('examine.lying')),
    },
  };
}

/** The same with other fields in what was found out about one version; undefined takes a field away. */
function putting(name: string, fields: { [K in keyof PackageFact]?: PackageFact[K] | undefined }): Damage {
  return (records) =>
    records.map((record) =>
      record.type === 'fact' && isFact(`package.${name}`)(record)
        ? { ...record, value: { ...packageFact.parse(record.value), ...fields } }
        : record,
    );
}

/** Scripts of a strategy that all did what they should. */
function deliverablesHistory(strategy: string): History {
  const shared = strategy === 'rolling' || strategy === 'recreate';
  const runs = [
    ...(shared ? [['first', 'v1'] as const] : []),
    ...([
      ['deploy', 'v2'],
      ['rollback', 'v1'],
      ['again', 'v2'],
      ['rollback-script', 'v1'],
    ] as const),
  ];
  const metadata = { name: 'model' };
  const applied = {
    'Deployment/model': { apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    'HorizontalPodAutoscaler/model': { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata },
    'Service/model': { apiVersion: 'v1', kind: 'Service', metadata },
  };
  const file = (name: string) => ({ name, content: `# ${name} of ${strategy}\n` });
  const experiment = `deliverables.${strategy.replaceAll('_', '-')}`;
  const server = {
    version: 'v2',
    protocol: 'rest',
    commandLine: ['python3', '/opt/server/main.py'],
    files: [{ path: '/opt/server/main.py', content: 'print("hello")\n' }],
  };
  return new History([
    { type: 'begin', at: 0, experiment, target: 'model', run: '20261121-100000-abcd' },
    {
      type: 'fact',
      at: 1,
      key: 'delivered',
      value: {
        strategy,
        factor: 0.001,
        files: ['rollback-plan.md', 'rollback-script.sh', 'health-checks.yaml'].map(file),
      },
    },
    ...runs.flatMap(([name, expected], index): HistoryRecord[] => [
      {
        type: 'fact',
        at: 10 * index,
        key: `script.${name}`,
        value: {
          command: name === 'rollback-script' ? 'rollback-script.sh' : 'deploy.sh',
          exitCode: 0,
          ms: 20_000,
          output: 'done',
          expected,
          samples: [{ name: 'first', outcome: 'served', version: expected }],
        },
      },
      { type: 'step', id: `script.${name}`, title: name, start: 10 * index, end: 10 * index + 5, ok: true },
    ]),
    { type: 'fact', at: 90, key: 'applied', value: applied },
    { type: 'fact', at: 91, key: 'server.process', value: server },
    { type: 'end', at: 99, status: 'completed' },
  ]);
}

/** The strategies whose scripts are executed, by their experiment. */
export const deliverablesHistories: ReadonlyMap<string, History> = new Map(
  ['rolling', 'recreate', 'blue_green', 'canary'].map((strategy) => [
    `deliverables.${strategy.replaceAll('_', '-')}`,
    deliverablesHistory(strategy),
  ]),
);

/** For every check on scripts: what turns it red, and what blinds it. */
export function deliverablesDamages(): Record<string, Damages> {
  return Object.fromEntries(
    [...deliverablesHistories.keys()].flatMap((experiment): [string, Damages][] => [
      [
        `${experiment}.deploys`,
        {
          fail: failedStep('script.deploy', 'deploy.sh ended with 1'),
          inconclusive: without(isStep('script.again')),
        },
      ],
      ...['rollback', 'rollback-script'].map((name): [string, Damages] => [
        `${experiment}.${name}`,
        {
          fail: changed(isFact(`script.${name}`), { value: stillServing }),
          inconclusive: without(isFact(`script.${name}`)),
        },
      ]),
    ]),
  );
}

const stillServing = {
  command: 'deploy.sh --rollback',
  exitCode: 0,
  ms: 20_000,
  output: '',
  expected: 'v1',
  samples: [{ name: 'first', outcome: 'served', version: 'v2' }],
};
