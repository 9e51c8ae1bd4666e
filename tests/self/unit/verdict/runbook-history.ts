import { failureGroups, failures, type FailureGroup } from '../../../../helpers/failures/catalogue.ts';
import { History } from '../../../../helpers/history/history.ts';
import type { FactRecord, HistoryRecord, StepRecord } from '../../../../helpers/history/records.ts';
import { steadyTraffic } from './traffic-history.ts';

/** Histories as a target with flawless runbooks leaves them. */

/** Moment at which they begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;
/** The first failure is made, and one is made after the other, in ms after that. */
const FIRST = 40_000;
const EACH = 14_000;

export const runbookHistories: readonly [string, History][] = [
  ['runbooks.static', staticHistory()],
  ...failureGroups.map((group): [string, History] => [`failures.${group}`, failureHistory(group)]),
];

function staticHistory(): History {
  const files = failures.map(({ id }) => `${id}.md`);
  return historyOf('runbooks.static', [
    fact('runbooks', { folder: 'docs/runbooks', files, mistakes: [] }, 5),
    ...failures.map(({ id }) => {
      const limits = { detectMs: 60_000, recoverMs: 180_000 };
      const blocks = { detect: 1, remedy: 1, verify: 1 };
      const value = { found: true, file: `${id}.md`, severity: 'P2', limits, lacks: [], blocks, mistakes: [] };
      return fact(`runbook.${id}`, value, 6);
    }),
  ]);
}

function failureHistory(group: FailureGroup): History {
  const own = failures.filter((failure) => failure.group === group);
  const change = step('change', FIRST - 1_000, own.length * EACH);
  const records = own.flatMap(({ id }, index) => failureRecords(id, FIRST + index * EACH));
  return historyOf(`failures.${group}`, [...records, change], steadyTraffic(change));
}

function failureRecords(id: string, at: number): HistoryRecord[] {
  return [
    fact(`promised.${id}`, { file: `${id}.md`, detectMs: 60_000, recoverMs: 180_000 }, at - 700),
    step(`before.${id}`, at - 700, 600, { symptom: false }),
    step(`inject.${id}`, at, 100, { object: 'Deployment/gateway' }),
    step(`detect.${id}`, at + 100, 1_500, { by: 'runbook' }),
    step(`remedy.${id}`, at + 1_600, 3_000, { blocks: 1 }),
    step(`verify.${id}`, at + 4_600, 800, { blocks: 1 }),
    step(`calm.${id}`, at + 5_400, 5_000),
    fact(`restored.${id}`, { differences: [] }, at + 10_500),
    step(`undo.${id}`, at + 10_500, 50),
    step(`settle.${id}`, at + 10_600, 100),
  ];
}

function historyOf(
  experiment: string,
  records: readonly HistoryRecord[],
  traffic: ReturnType<typeof steadyTraffic> = [],
): History {
  const begin: HistoryRecord = {
    type: 'begin',
    at: START,
    experiment,
    target: 'contextforge',
    run: '20261121-100000-abcd',
  };
  const end: HistoryRecord = { type: 'end', at: START + 200_000, status: 'completed' };
  return new History([begin, ...records, end], () => traffic);
}

function fact(key: string, value: unknown, after: number): FactRecord {
  return { type: 'fact', at: START + after, key, value };
}

function step(id: string, after: number, duration: number, detail?: Record<string, unknown>): StepRecord {
  const start = START + after;
  return {
    type: 'step',
    id,
    title: id,
    start,
    end: start + duration,
    ok: true,
    ...(detail === undefined ? {} : { detail }),
  };
}
