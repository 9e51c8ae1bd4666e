import type { TrafficCall, TrafficRecord } from '../../../../helpers/traffic/records.ts';
import { argoStrategies } from '../../../../helpers/target/model/engines.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import { changed, failedStep, isFact, isStep, without } from './histories.ts';
import type { Damages } from './histories.ts';
import { analysis, pods, reached, strategyHistories } from './strategy-history.ts';
import { blind } from './traffic-history.ts';
import type { TrafficDamage } from './traffic-history.ts';

type Change = (call: TrafficCall) => TrafficCall;

const stalled: Change = (call) => ({ ...call, end: call.end + 6_000 });
/** Beyond the P95 that it is held to, and no stall. */
const late: Change = (call) => ({ ...call, end: call.end + 900 });
const lost: Change = (call) => ({ ...call, outcome: 'network-error', error: 'ECONNRESET' });
const failed: Change = (call) => ({ ...call, outcome: 'http-error', httpStatus: 500, error: 'HTTP 500' });
const from =
  (version: string): Change =>
  (call) => ({ ...call, outcome: 'served', servedBy: { version } });

const [first = { name: '' }, ...others] = pods('v2');

/** For every check on rollouts: what turns it red, and what blinds it. */
export const strategyDamages: Record<string, Damages> = {
  ...Object.fromEntries(strategies.flatMap((strategy) => entries(strategy.replaceAll('_', '-')))),
  ...Object.fromEntries(argoStrategies.flatMap((strategy) => argoEntries(strategy.replaceAll('_', '-')))),
  ...Object.fromEntries(['rolling', 'blue-green'].flatMap(gateEntries)),
  'model.review.dry-run': {
    fail: failedStep('dry-run.rolling', 'exceeded quota'),
    inconclusive: changed(isStep('dry-run.rolling'), { detail: { objects: 0 } }),
  },
  ...Object.fromEntries(
    ['policy', 'probes', 'rollback-plan'].map((topic) => [
      `model.review.${topic}`,
      {
        fail: changed(isFact(`review.${topic}`), { value: ['something is missing'] }),
        inconclusive: without(isFact(`review.${topic}`)),
      },
    ]),
  ),
  // The reason that was told to the team stays what it was.
  'rollback.triggers.failing': attempt('failing', {
    at: 0,
    ...reached('availability', 0.5),
    reason: reached('error-rate', 0.33).reason,
  }),
  'rollback.triggers.slow': attempt('slow', { at: 0, ...reached('availability', 0.5) }),
  'rollback.triggers.leaking': attempt('leaking', { at: 0, by: 'failure', reason: 'not ready', reached: [] }),
  'rollback.triggers.interrupted': attempt('interrupted', { at: 0, ...reached('error-rate', 0.5) }),
  'rollback.triggers.borderline': attempt('borderline', { at: 0, ...reached('availability', 0.94) }),
  'rollback.triggers.validation': {
    fail: changed(isFact('validated.failing'), {
      value: ['health', 'pods', 'samples', 'figures', 'logs'].map((step) => ({
        step,
        ok: step !== 'logs',
        seen: '1 error',
      })),
    }),
    inconclusive: changed(isFact('validated.failing'), { value: [] }),
  },
  'rollback.triggers.communication': {
    fail: changed(isFact('communication.failing'), { value: { channel: '#ml-alerts', sent: [], received: [] } }),
    inconclusive: without(isFact('communication.failing')),
  },
  'rollback.triggers.manual': attempt('manual', { at: 0, ...reached('error-rate', 0.5) }),
};

/** As of the other engine, and an analysis that sees something bad, or nothing. */
function argoEntries(strategy: string): [string, Damages][] {
  const measured = (change: object) => ({
    value: analysis().map((run) => ({ ...run, metrics: run.metrics.map((metric) => ({ ...metric, ...change })) })),
  });
  const fact = isFact('analysis.candidate');
  return [
    ...entries(strategy, `strategy.${strategy}.argo-rollouts`),
    [
      `strategy.${strategy}.argo-rollouts.analysed`,
      {
        fail: changed(fact, measured({ failed: 1, reached: [2] })),
        inconclusive: changed(fact, measured({ values: [] })),
      },
    ],
  ];
}

function entries(strategy: string, experiment = `strategy.${strategy}`): [string, Damages][] {
  const id = (name: string) => `${experiment}.${name}`;
  const isMeshed = strategy === 'canary' || strategy === 'a-b-test';
  return [
    [
      id('completed'),
      { fail: outcome('candidate', 'rolled-back'), inconclusive: without(isFact('outcome.candidate')) },
    ],
    [
      id('every-pod'),
      {
        fail: changed(isFact('pods.candidate'), { value: [{ ...first, version: 'v9' }, ...others] }),
        alsoFail: [changed(isFact('pods.candidate'), { value: [{ ...first, ready: false }, ...others] })],
        inconclusive: without(isFact('pods.candidate')),
      },
    ],
    [id('latency'), { fail: ofVersion('v2', () => true, late), inconclusive: blind }],
    [
      id('bad-version-turned-back'),
      { fail: outcome('bad', 'completed'), inconclusive: without(isFact('rollout.bad')) },
    ],
    [id('candidate.observer-saw'), { inconclusive: blind }],
    ...(strategy === 'a-b-test' ? [] : [entry(id('takes-over'), ofVersion('v2', isFirst, from('v9')))]),
    ...(strategy === 'recreate'
      ? [entry(id('outage-is-shown'), outages(from('v2')))]
      : [
          [id('candidate.no-stall'), { fail: ofVersion('v2', isFirst, stalled), inconclusive: blind }] as [
            string,
            Damages,
          ],
          ...(['new-connection', 'kept-alive'] as const).map((path) =>
            entry(id(`candidate.no-call-lost.${path}`), ofVersion('v2', firstOf(path), lost)),
          ),
        ]),
    ...(isMeshed
      ? [
          entry(
            id('split'),
            ofVersion('v1', ({ path }, index) => path !== 'session' && index % 4 === 0, from('v2'), true),
          ),
        ]
      : []),
    ...(strategy === 'a-b-test'
      ? [
          entry(id('comparison'), ofVersion('v1', firstAfter('aftermath.candidate'), from('v2'))),
          entry(id('users-stay'), users()),
        ]
      : []),
  ];
}

function gateEntries(strategy: string): [string, Damages][] {
  const id = (name: string) => `strategy.${strategy}.gate.${name}`;
  const facts = (key: string, fail: unknown, inconclusive: unknown): Damages => ({
    fail: changed(isFact(key), { value: fail }),
    inconclusive: changed(isFact(key), { value: inconclusive }),
  });
  const service = {
    type: 'LoadBalancer',
    affinity: 'ClientIP',
    affinitySeconds: 10_800,
    way: 'node-port',
    url: 'http://a',
  };
  const limits = { memoryBytes: 100, cpuCores: 1 };
  const pod = { pod: 'model', oomKills: 0, restarts: 0 };
  const accuracy = { minimum: 0.92, mayLose: 0 };
  return [
    [id('no-errors'), { fail: failedStep('phase.candidate.1'), inconclusive: without(isStep('deploy')) }],
    [
      id('pods-ready'),
      { fail: changed(isFact('pods.candidate'), { value: others }), inconclusive: without(isFact('pods.candidate')) },
    ],
    [id('health-passing'), facts('pods.candidate', [{ ...first, restarts: 1 }, ...others], [])],
    [id('load-balancer'), facts('entry.service', { ...service, type: 'ClusterIP' }, service)],
    [
      id('metrics-active'),
      {
        // They are there, and never move.
        ...facts('metrics', [{ pod: 'model', samples: 9, names: ['http_requests_total'], counted: 0 }], []),
        // What the runtime counts is no call.
        alsoFail: [
          changed(isFact('metrics'), { value: [{ pod: 'model', samples: 1, names: ['process_cpu_seconds_total'] }] }),
        ],
      },
    ],
    [
      id('accuracy'),
      facts(
        'accuracy',
        { ...accuracy, versions: ['v1', 'v2'].map((version, index) => ({ version, right: 50 - index, rows: 50 })) },
        { ...accuracy, versions: [] },
      ),
    ],
    entry(
      id('response-time'),
      ofVersion('v2', () => true, late),
    ),
    entry(
      id('error-rate'),
      ofVersion('v2', (_, index) => index < 300 && index % 3 === 0, failed),
    ),
    [
      id('resources'),
      facts(
        'usage',
        { limits, pods: [{ ...pod, memoryBytes: 101, cpuCores: 0.1 }] },
        { limits, pods: [{ ...pod, memoryBytes: 50 }] },
      ),
    ],
    entry(id('zero-downtime'), ofVersion('v2', isFirst, lost)),
    entry(
      id('availability'),
      ofVersion('v2', (_, index) => index < 5, lost),
    ),
    [id('rollback-time'), { fail: outcome('bad', 'stuck'), inconclusive: without(isFact('rollout.bad')) }],
  ];
}

function entry(id: string, traffic: TrafficDamage | { traffic: TrafficDamage }): [string, Damages] {
  return [id, { fail: typeof traffic === 'function' ? { traffic } : traffic, inconclusive: blind }];
}

function outcome(name: string, result: string) {
  return changed(isFact(`outcome.${name}`), { value: { result } });
}

function attempt(name: string, turnedBack: object): Damages {
  return {
    fail: changed(isFact(`outcome.${name}`), { value: { result: 'rolled-back', turnedBack } }),
    inconclusive: without(isFact(`rollout.${name}`)),
  };
}

/** Selects one call, the first of its path. To be made anew for each history. */
function firstOf(path: TrafficCall['path']) {
  let first: TrafficCall['id'] | undefined;
  return (call: TrafficCall) => {
    if (call.path !== path) return false;
    first ??= call.id;
    return call.id === first;
  };
}

/** Selects one call, the first one after a step of the A/B test has begun. To be made anew for each history. */
function firstAfter(step: string) {
  const begin = strategyHistories.get('strategy.a-b-test')?.step(step)?.start ?? Infinity;
  let first: TrafficCall['id'] | undefined;
  return (call: TrafficCall) => {
    if (call.start < begin) return false;
    first ??= call.id;
    return call.id === first;
  };
}

function isFirst(_: TrafficCall, index: number): boolean {
  return index === 0;
}

/** Changes those of a version's calls that `selects` names; `since`: only from the first to the last user that the new version meets. */
function ofVersion(
  version: string,
  selects: (call: TrafficCall, index: number) => boolean,
  change: Change,
  since = false,
): { traffic: TrafficDamage } {
  return {
    traffic: (records) => {
      const begin = since ? records.findIndex((record) => isOf(record, 'v2')) : 0;
      const end = since ? records.findLastIndex((record) => isOf(record, 'v2')) : Infinity;
      let index = -1;
      return records.map((record, at) => {
        if (!isOf(record, version) || at < begin || at > end) return record;
        index++;
        return selects(record, index) ? change(record) : record;
      });
    },
  };
}

function isOf(record: TrafficRecord, version: string): record is TrafficCall {
  return record.type === 'call' && record.servedBy?.version === version;
}

function outages(change: Change): { traffic: TrafficDamage } {
  return {
    traffic: (records) =>
      records.map((record) => (record.type === 'call' && record.error === 'ECONNREFUSED' ? change(record) : record)),
  };
}

/** The first user meets the other variant once. */
function users(): { traffic: TrafficDamage } {
  return {
    traffic: (records) => {
      const at = records.findIndex((record) => record.type === 'call' && record.path === 'session');
      return records.map((record, index) =>
        index === at && record.type === 'call' ? from(record.servedBy?.version === 'v1' ? 'v2' : 'v1')(record) : record,
      );
    },
  };
}
