import { failureGroups, failures } from '../../../../helpers/failures/catalogue.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import { changed, failedStep, isFact, isStep, without, type Damage, type Damages } from './histories.ts';
import { runbookHistories } from './runbook-history.ts';
import { blind, type TrafficDamage } from './traffic-history.ts';

/** For every check on runbooks: what turns it red, and what blinds it. */
export const runbookDamages: Record<string, Damages> = {
  'runbooks.are-there': {
    fail: changed(isFact('runbooks'), { value: { folder: null, files: [], mistakes: [] } }),
    inconclusive: without(isFact('runbooks')),
  },
  ...Object.fromEntries(failureGroups.map((group) => [`failures.${group}.observer-saw`, { inconclusive: blind }])),
  ...Object.fromEntries(failures.flatMap(({ id, group }) => damagesOf(id, group))),
};

function damagesOf(id: string, group: string): [string, Damages][] {
  const runbook = isFact(`runbook.${id}`);
  const damages: Record<string, Damages> = {
    found: { fail: changed(runbook, { value: { found: false } }), inconclusive: without(runbook) },
    complete: {
      fail: (records) =>
        records.map((record) =>
          runbook(record) && record.type === 'fact'
            ? { ...record, value: { ...(record.value as object), lacks: ['escalation'] } }
            : record,
        ),
      inconclusive: without(runbook),
    },
    // A command that does not work.
    works: { fail: failedStep(`remedy.${id}`), inconclusive: skipped(id) },
    // All commands work, and nothing is repaired.
    restored: {
      fail: changed(isFact(`restored.${id}`), { value: { differences: ['Deployment/gateway differs'] } }),
      inconclusive: without(isFact(`restored.${id}`)),
    },
    // A symptom that is always there is none.
    detected: {
      fail: changed(isStep(`before.${id}`), { detail: { symptom: true } }),
      inconclusive: without(isStep(`inject.${id}`)),
    },
    recovered: { fail: { traffic: servesNoMore(id, group) }, inconclusive: blind },
  };
  return Object.entries(damages).map(([name, damage]) => [`runbooks.${id}.${name}`, damage]);
}

function skipped(id: string): Damage {
  return (records: HistoryRecord[]) => [
    ...records.filter(({ type }) => type !== 'end'),
    { type: 'fact', at: 0, key: `skipped.${id}`, value: 'the cluster has one node' },
    ...records.filter(({ type }) => type === 'end'),
  ];
}

/** From the failure on, and as long as that is watched, every new connection is refused. */
function servesNoMore(id: string, group: string): TrafficDamage {
  const [, history] = runbookHistories.find(([name]) => name === `failures.${group}`) ?? [];
  const from = history?.step(`inject.${id}`)?.start ?? 0;
  const to = history?.step(`calm.${id}`)?.end ?? Infinity;
  return (records) =>
    records.map((record) =>
      record.type === 'call' && record.path === 'new-connection' && record.start > from && record.start < to
        ? { ...record, outcome: 'network-error', error: 'ECONNREFUSED' }
        : record,
    );
}
