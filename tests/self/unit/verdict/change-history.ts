import { History } from '../../../../helpers/history/history.ts';
import type { FactRecord, HistoryRecord, StepRecord } from '../../../../helpers/history/records.ts';
import { changeTitles } from '../../../../helpers/verdict/changes.ts';
import type { ChangeExperimentId } from '../../../../helpers/verdict/changes.ts';
import { steadyTraffic, tools, toolset } from './traffic-history.ts';

/** Histories as flawless changes under traffic leave them. */

/** Moment at which they begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;
/** The change begins and ends, in ms after that. */
const CHANGE = { start: START + 40_000, end: START + 46_000 };
/** Reported as done. */
const MADE = { start: CHANGE.start + 200, end: CHANGE.start + 4_200 };

const pods = ['gateway-7d9f8c6b5d-x2x7k', 'gateway-7d9f8c6b5d-z9q4m'];
const state = {
  'Tool/tools-echo': 'e1',
  'Deployment/gateway': 'd1',
  'gateway/tools/tools-echo': 'g1',
  'gateway/settings': 's1',
};
const changed = { ...state, 'Tool/tools-fail': 'f1', 'gateway/settings': 's2' };

/** What single experiments record beside. */
const more: Partial<Record<ChangeExperimentId, HistoryRecord[]>> = {
  'config.while-rolling': [
    fact('upgrade.meanwhile', { refused: true, answer: 'another operation (install/upgrade/rollback) is in progress' }),
  ],
  'config.invalid': [
    fact('attempts', [{ what: 'a tool that does not exist', outcome: 'refused', answer: 'no such tool' }]),
  ],
  'config.invalid-by-api': [
    fact('attempts', [{ what: 'a tool that does not exist', outcome: 'refused', answer: 'HTTP 422' }]),
  ],
  'config.node-drain': [fact('drained', { node: 'node-1', pods: ['gateway-7d9f8c6b5d-gone1'] })],
  'config.api-rollback': [
    fact('state.exported', state),
    step('import', { start: CHANGE.end + 10_000, end: CHANGE.end + 11_000 }),
    fact('import.reported', { status: 'completed', errors: [], progress: { failed: 0 } }),
    fact('state.imported', state),
  ],
};

export const changeHistories: readonly [string, History][] = (Object.keys(changeTitles) as ChangeExperimentId[]).map(
  (id) => [id, changeHistory(id)],
);

function changeHistory(id: ChangeExperimentId): History {
  const rollback = id === 'config.helm-rollback' || id === 'config.api-rollback';
  const records: HistoryRecord[] = [
    { type: 'begin', at: START, experiment: id, target: 'contextforge', run: '20261121-100000-abcd' },
    fact('state.before', state),
    ...(rollback ? [fact('state.changed', changed)] : []),
    fact('change', { what: changeTitles[id], kind: 'gateway', hot: id !== 'config.node-drain', way: 'helm upgrade' }),
    fact('pods.before', pods.map(podFact)),
    step('change.made', MADE),
    fact('effect', pods.map(effectOf)),
    step('change', CHANGE),
    fact('pods.after', id === 'config.scale-in' ? pods.slice(1).map(podFact) : pods.map(podFact)),
    fact(
      'served',
      pods.map((pod) => ({ pod, tools, toolset, sections: { 'gateway/settings': 's1' } })),
    ),
    fact('state.after', state),
    ...(more[id] ?? []),
    { type: 'end', at: CHANGE.end + 20_000, status: 'completed' },
  ];
  return new History(records, () => steadyTraffic(CHANGE));
}

function podFact(name: string) {
  return { name, uid: `uid of ${name}`, kind: 'ReplicaSet', ready: true, restarts: 0, node: 'node-2' };
}

function effectOf(pod: string, index: number) {
  const lastOld = MADE.start + 300 + index * 400;
  return {
    pod,
    uid: `uid of ${pod}`,
    ready: START,
    lastOld,
    firstNew: lastOld + 120,
    relapses: 0,
    answers: 9,
    failures: 0,
  };
}

function fact(key: string, value: unknown): FactRecord {
  return { type: 'fact', at: START, key, value };
}

function step(id: string, { start, end }: { start: number; end: number }): StepRecord {
  return { type: 'step', id, title: id, start, end, ok: true };
}
