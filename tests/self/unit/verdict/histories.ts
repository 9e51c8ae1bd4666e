import { History } from '../../../../helpers/history/history.ts';
import type {
  CallRecord,
  FactRecord,
  HistoryRecord,
  ObservationRecord,
  StepRecord,
  WriteRecord,
} from '../../../../helpers/history/records.ts';
import { alertHistory } from './alert-history.ts';
import { architectureHistory } from '../architecture/production.ts';
import { changeHistories } from './change-history.ts';
import { gitopsLiveHistories } from './gitops-live-history.ts';
import { flawlessTree, historyOf } from '../gitops/tree.ts';
import { runbookHistories } from './runbook-history.ts';
import { autoscalingHistory } from './autoscaling-history.ts';
import { modelHealthHistory, modelPitfallsHistory } from './model-health-history.ts';
import { modelPlanHistory, modelReviewHistory } from './model-plan-history.ts';
import { deliverablesHistories, packageHistory } from './package-history.ts';
import { flawlessSupport, supportHistory } from './support-history.ts';
import type { TrafficDamage } from './traffic-history.ts';
import { strategyHistories } from './strategy-history.ts';
import { upgradeHistories } from './upgrade-history.ts';
import { workerHistory } from './worker-history.ts';

/** Histories as a flawless trial of a target with two releases would leave them, and ways to damage them. */

const releases = ['gateway', 'tools'];
const kubernetesVersions = ['1.35', '1.36'];
/** Moment at which every history here begins: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;

export type Damage = (records: HistoryRecord[]) => HistoryRecord[];

/** What turns a check red, and what blinds it; a check on the observer itself cannot turn red. */
export interface Damages {
  /** The kill matrix shows what else it turns red: best nothing. */
  fail?: Damage | { traffic: TrafficDamage };
  /** Other ways to fail, whatever else they turn red. */
  alsoFail?: readonly Damage[];
  inconclusive?: Damage | { traffic: TrafficDamage };
}

export const flawless: ReadonlyMap<string, History> = new Map([
  ['chart.static', chartStatic()],
  ['chart.lifecycle', chartLifecycle()],
  ['first-tool-call', firstToolCall()],
  ['architecture', architectureHistory()],
  ['gitops.static', historyOf(flawlessTree)],
  ['worker.protocol', workerHistory()],
  ['support.facts', supportHistory(flawlessSupport)],
  ['model.plan', modelPlanHistory],
  ['model.alerts', alertHistory],
  ['model.autoscaling', autoscalingHistory],
  ['model.review', modelReviewHistory],
  ['model.package', packageHistory],
  ...deliverablesHistories,
  ['model.health', modelHealthHistory],
  ['model.pitfalls', modelPitfallsHistory],
  ...gitopsLiveHistories,
  ...changeHistories,
  ...runbookHistories,
  ...upgradeHistories,
  ...strategyHistories,
]);

export function damaged(history: History, damage: Damage | { traffic: TrafficDamage }): History {
  if (typeof damage === 'function')
    return new History(damage(structuredClone([...history.records])), () => history.traffic);
  return new History(history.records, () => damage.traffic(structuredClone([...history.traffic])));
}

/** Leaves out what `selects` names. */
export function without(selects: (record: HistoryRecord) => boolean): Damage {
  return (records) => records.filter((record) => !selects(record));
}

/** Puts other values into the records that `selects` names. */
export function changed(selects: (record: HistoryRecord) => boolean, change: object): Damage {
  return (records) => records.map((record) => (selects(record) ? { ...record, ...change } : record));
}

/** The step failed: as the recorder writes it, without detail. */
export function failedStep(id: string, error = 'it did not work'): Damage {
  return (records) =>
    records.map((record) => {
      if (!isStep(id)(record)) return record;
      const { detail: _detail, ...rest } = record as StepRecord;
      return { ...rest, ok: false, error };
    });
}

export function isStep(id: string) {
  return (record: HistoryRecord) => record.type === 'step' && record.id === id;
}

export function isFact(key: string) {
  return (record: HistoryRecord) => record.type === 'fact' && record.key === key;
}

export function isToolCall(record: HistoryRecord): boolean {
  return record.type === 'call' && record.method === 'tools/call';
}

function chartStatic(): History {
  const steps = releases.flatMap((release) => [
    step(`resolve.${release}`, 1, 20, { source: `charts/${release}`, version: '1.2.0' }),
    step(`lint.${release}`, 25, 300, { errors: 0, warnings: 0, messages: [] }),
    step(`schema.${release}`, 330, 5, { hasSchema: true, valuesWithoutSchema: [], schemaWithoutValues: [] }),
    ...kubernetesVersions.map((version) => step(`template.${release}.${version}`, 340, 200, { objects: 14 })),
    step(`readme.${release}`, 800, 4, { documented: ['replicas', 'image.tag'], undocumented: [], stale: [] }),
    step(`badvalue.${release}`, 810, 120),
    step(`reach.${release}`, 820, 90, {
      reaches: [
        { map: release, workload: `Deployment/${release}`, how: 'environment', value: 'config.A', replaced: true },
      ],
    }),
  ]);
  const docs = ['upgrade', 'rollback', 'uninstall'].map((topic) =>
    fact(`docs.${topic}`, { file: 'README.md', found: true, where: 'README.md#operations' }, 900),
  );
  return history('chart.static', [...steps, ...docs], 1000);
}

function chartLifecycle(): History {
  const records = releases.flatMap((release) => [
    write('helm install', `release/${release}`, 10),
    step(`install.${release}`, 10, 30_000),
    step(`test.${release}`, 30_100, 4000, { phase: 'Succeeded', pods: 1 }),
    step(`noop.${release}`, 35_000, 2000, {
      podsBefore: ['a', 'b'],
      podsAfter: ['a', 'b'],
      generationsChanged: [],
      manifestChanged: false,
    }),
    fact(
      `history.${release}`,
      [
        { revision: 1, status: 'superseded' },
        { revision: 2, status: 'deployed' },
      ],
      37_500,
    ),
    step(`uninstall.${release}`, 38_000, 1500),
  ]);
  return history(
    'chart.lifecycle',
    [...records, fact('leftovers', [], 45_000), fact('teardown.trouble', [], 52_000)],
    52_100,
  );
}

/** What a run with two gateway replicas, a database and a custom server looks like when its images are pulled first. */
function firstToolCall(): History {
  const gateways = ['contextforge-gateway-7d9f8c6b5d-x2x7k', 'contextforge-gateway-7d9f8c6b5d-z9q4m'];
  const records = [
    write('create', 'Namespace/seatrial-x7k2p', 0),
    step('namespace', 0, 180),
    fact('namespace.clean', { objects: [] }, 185),
    write('create', 'Secret/gateway-database', 190),
    step('secrets', 190, 40),
    write('helm install', 'release/gateway', 250),
    step('install.gateway', 250, 31_400),
    write('helm install', 'release/tools', 31_700),
    step('install.tools', 31_700, 6900),
    step('endpoint', 38_650, 12, { url: 'http://10.212.0.2:30080/mcp' }),
    step('initialize', 38_670, 85),
    step('tools-list', 38_760, 40, { tools: 3, found: true }),
    step('first-call', 38_805, 64),
    ...pod('contextforge-database-0', [900, 1000, 6200, 6900, 9400]),
    ...pod('contextforge-migrate-1-4f2vx', [900, 1050, 11_800, 12_300, 15_900]).slice(0, -1),
    observation('job.completed', 'Job/contextforge-migrate-1', 15_900),
    ...gateways.flatMap((name, index) => pod(name, [950, 1100, 14_900, 16_100, 29_800 + index * 1400])),
    ...pod('tools-6c7d8f9b44-m5n2p', [32_000, 32_100, 36_000, 36_500, 38_300]),
    ...Array.from({ length: 10 }, (_, index) => call(index + 1, 38_805 + index * 70, index === 0 ? 64 : 9)),
    fact('total', { start: START, end: START + 38_869, ms: 38_869 }, 39_500),
    fact(
      'versions',
      { kubernetes: 'v1.36.3', helm: '4.0.1', provider: 'embedded', charts: { gateway: '1.2.0', tools: '1.2.0' } },
      39_500,
    ),
  ];
  return history('first-tool-call', records, 39_600);
}

function history(experiment: string, records: HistoryRecord[], length: number): History {
  return new History([
    { type: 'begin', at: START, experiment, target: 'contextforge', run: '20261121-100000-abcd' },
    fact('target.declared', { name: 'contextforge', releases, kubernetesVersions, notApplicable: {} }, 0),
    ...records,
    { type: 'end', at: START + length, status: 'completed' },
  ]);
}

function step(id: string, after: number, duration: number, detail?: Record<string, unknown>): StepRecord {
  const [start, end] = [START + after, START + after + duration];
  return { type: 'step', id, title: id, start, end, ok: true, ...(detail === undefined ? {} : { detail }) };
}

function fact(key: string, value: unknown, after: number): FactRecord {
  return { type: 'fact', at: START + after, key, value };
}

function write(verb: string, object: string, after: number): WriteRecord {
  return { type: 'write', at: START + after, verb, object };
}

function call(number: number, after: number, duration: number): CallRecord {
  const start = START + after;
  const times = { due: start, start, end: start + duration };
  return { type: 'call', id: String(number), method: 'tools/call', tool: 'tools-echo', ...times, outcome: 'served' };
}

/** A pod that is scheduled, pulls, has pulled, is started, and is ready at these moments. */
function pod(name: string, moments: number[]): ObservationRecord[] {
  const whats = ['pod.scheduled', 'image.pulling', 'image.pulled', 'container.started', 'pod.ready'];
  return whats.map((what, index) => observation(what, `Pod/${name}`, moments[index] ?? 0));
}

function observation(what: string, object: string, after: number): ObservationRecord {
  return { type: 'observation', at: START + after, what, object };
}
