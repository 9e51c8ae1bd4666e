import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { TrafficRecord } from '../../../../helpers/traffic/records.ts';
import { steadyTraffic } from './traffic-history.ts';

/** Histories as a flawless target leaves them that is deployed and changed through Git, with Flux. */

/** Moment at which they begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;
/** Details and moments are as they were recorded with the bundled target; only texts are shortened. */
const look = (seen: string) => ({ answered: true, holds: false, seen });

export const gitopsLiveHistories: readonly [string, History][] = [
  ['gitops.deploy', deployHistory()],
  ['gitops.faults', faultsHistory()],
];

function deployHistory(): History {
  const records = [
    ...bootstrap(),
    step('deployed', 800, 38_900, {
      fetched: START + 1900,
      applied: START + 2300,
      released: { gateway: START + 39_700 },
    }),
    step('endpoint', 39_700, 12, { url: 'http://10.199.0.1:32729/servers/1/mcp' }),
    step('first-call', 39_715, 1100, { served: START + 40_800 }),
    fact('effect-before.gateway', look('Gateway one')),
    ...commit('gateway', 42_000, { released: 37_668, firstSeen: 24_100, everywhere: 35_947 }),
    fact('effect-before.server', look('"config": "one"')),
    ...commit('server', 83_000, { released: 16_951, firstSeen: 9100, everywhere: 14_131 }),
    fact('effect-before.policy', look('tools-echo, tools-fail')),
    ...commit('policy', 105_000, { released: 17_081, firstSeen: 9900, everywhere: 10_389 }),
    fact('state.changes', ['Deployment/gateway', 'Deployment/tools', 'Tool/tools-fail']),
    ...commit('revert', 122_000, { released: 37_887, firstSeen: 30_549, everywhere: 38_888 }),
    step('change', 122_000, 41_000),
    fact('state.not-restored', []),
    fact('gitops.over', true, 203_000),
    write('suspend', 'HelmRelease/gateway', 203_100),
    write('delete', 'Namespace/seatrial-x7k2p', 203_300),
  ];
  return history('gitops.deploy', records, () => steadyTraffic({ start: START + 122_000, end: START + 163_000 }));
}

function faultsHistory(): History {
  return history('gitops.faults', [
    ...bootstrap(),
    step('deployed', 800, 77_500),
    write('patch', 'Deployment/tools', 85_000),
    step('drift.scale', 85_000, 23_307, { object: 'Deployment/tools', field: 'spec.replicas', correctedMs: 23_307 }),
    write('patch', 'ConfigMap/tools', 108_400),
    step('drift.edit', 108_400, 3366, { object: 'ConfigMap/tools', field: 'data', correctedMs: 3366 }),
    fact('serving.drift', served(15)),
    fact('drift.reported', [{ object: 'HelmRelease/tools', reason: 'DriftDetected', message: '1 changes' }]),
    write('suspend', 'Kustomization/desired-state', 111_700),
    step('held.suspended', 112_300, 16_580, { looks: 8, held: 8 }),
    fact('status.suspended', [
      { object: 'GitRepository/desired-state', suspended: false },
      { object: 'Kustomization/desired-state', suspended: true },
    ]),
    step('effect.resumed', 129_000, 40_971, { firstSeenMs: 28_900, everywhereMs: 40_971 }),
    fact('serving.suspended', served(25)),
    step('told.git-away', 187_600, 407, {
      object: 'GitRepository/desired-state',
      reason: 'GitOperationFailed',
      message: 'dial tcp 10.199.0.253:24030: connect: connection refused',
    }),
    step('held.git-away', 189_200, 7013, { looks: 2, held: 2 }),
    step('effect.git-back', 196_300, 57_182, { firstSeenMs: 48_360, everywhereMs: 48_360 }),
    fact('serving.git-away', served(18)),
    step('commit.invalid', 253_500, 149, { commit: 'c0ffee5', pushed: START + 253_600 }),
    step('refused.invalid', 253_700, 16_100, {
      object: 'HelmRelease/gateway',
      reason: 'UpgradeFailed',
      message: "at '/replicaCount': got string, want integer",
    }),
    fact('touched.invalid', []),
    step('arrived.valid-again', 270_000, 2100),
    fact('serving.invalid', served(18)),
    fact('gitops.over', true, 273_000),
  ]);
}

function bootstrap(): HistoryRecord[] {
  const objects = [
    'Secret/gateway',
    'ServiceAccount/gitops',
    'RoleBinding/gitops',
    'GitRepository/desired-state',
    'Kustomization/desired-state',
  ];
  return [
    write('create', 'Namespace/seatrial-x7k2p', 0),
    write('git push', 'seatrial/seatrial-x7k2p@a0aaba5', 500),
    ...objects.map((object) => write('create', object, 600)),
  ];
}

function commit(
  name: string,
  after: number,
  { released, firstSeen, everywhere }: { released: number; firstSeen: number; everywhere: number },
): HistoryRecord[] {
  const pushed = START + after + 80;
  return [
    write('git push', 'seatrial/seatrial-x7k2p@ddddf7b', after + 50),
    write('ask', 'GitRepository/desired-state', after + 80),
    step(`commit.${name}`, after, 90, { commit: 'ddddf7b', pushed }),
    step(`arrived.${name}`, after + 90, released, {
      pushed,
      fetchedMs: 349,
      appliedMs: 563,
      releasedMs: { gateway: released, tools: 563 },
    }),
    step(`effect.${name}`, after + 90, everywhere + 2000, { pushed, firstSeenMs: firstSeen, everywhereMs: everywhere }),
  ];
}

function served(calls: number) {
  return { calls, served: calls, lost: [] };
}

function history(experiment: string, records: HistoryRecord[], traffic: () => TrafficRecord[] = () => []): History {
  const whole: HistoryRecord[] = [
    { type: 'begin', at: START, experiment, target: 'contextforge', run: '20261121-100000-abcd' },
    ...records,
    { type: 'end', at: START + 300_000, status: 'completed' },
  ];
  return new History(whole, traffic);
}

function step(id: string, after: number, duration: number, detail: Record<string, unknown> = {}): HistoryRecord {
  return { type: 'step', id, title: id, start: START + after, end: START + after + duration, ok: true, detail };
}

function fact(key: string, value: unknown, after = 0): HistoryRecord {
  return { type: 'fact', at: START + after, key, value };
}

function write(verb: string, object: string, after: number): HistoryRecord {
  return { type: 'write', at: START + after, verb, object };
}
