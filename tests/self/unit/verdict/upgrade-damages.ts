import { upgradeTopics } from '../../../../helpers/experiments/upgrade/document/topics.ts';
import { isTrafficCall } from '../../../../helpers/traffic/records.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { upgrade } from '../../../../helpers/verdict/checks/index.ts';
import { changed, failedStep, isFact, isStep, without } from './histories.ts';
import type { Damages } from './histories.ts';
import { blind, loses, losesOne, stalls } from './traffic-history.ts';
import { changeOf, hops, podFact, revision } from './upgrade-history.ts';

const onDocuments: Record<string, Damages> = {
  ...Object.fromEntries(
    upgradeTopics.map((topic): [string, Damages] => [
      `upgrade.document.${topic}`,
      {
        fail: changed(isFact(`topic.${topic}`), { value: { lookedFor: topic, found: false, where: [] } }),
        inconclusive: without(isFact(`topic.${topic}`)),
      },
    ]),
  ),
  'upgrade.document.commands-parse': {
    fail: changed(isFact('blocks'), { value: [{ where: 'docs/upgrade.md:20', ok: false, error: 'syntax error' }] }),
    inconclusive: changed(isFact('blocks'), { value: [] }),
  },
  'upgrade.document.names-exist': {
    fail: changed(isFact('names'), { value: [{ where: 'docs/upgrade.md:21', name: 'release gatway', known: false }] }),
    inconclusive: changed(isFact('names'), { value: [] }),
  },
};

/** By the end of the check's id. */
const onTraffic: Record<string, Damages> = {
  'observer-saw': { inconclusive: blind },
  'no-call-lost.new-connection': { fail: loses('new-connection'), inconclusive: blind },
  'no-call-lost.kept-alive': { fail: loses('kept-alive'), inconclusive: blind },
  'no-call-lost.in-flight': { fail: loses('in-flight'), inconclusive: blind },
  'no-call-lost.session': { fail: losesOne('session'), inconclusive: blind },
  'sessions-kept': { fail: loses('session'), inconclusive: blind },
  'no-stall': { fail: stalls('kept-alive'), inconclusive: blind },
};

const onFailing: Record<string, Damages> = {
  ...onTraffic,
  told: {
    fail: changed(isStep('attempt'), { detail: { failed: false, remedy: 'helm' } }),
    inconclusive: without(isStep('attempt')),
  },
  'taken-back': {
    fail: changed(isFact('history'), {
      value: [revision(1, 'superseded', 'Install complete'), revision(2, 'failed', '')],
    }),
    inconclusive: without(isFact('history')),
  },
  'pods-untouched': {
    fail: changed(isFact('pods.after'), { value: [podFact('gateway-1', { restarts: 1 }), podFact('gateway-2')] }),
    inconclusive: changed(isFact('pods.before'), { value: [] }),
  },
  'nothing-left-behind': {
    fail: changed(isFact('objects.after'), { value: ['Deployment/gateway', 'Job/gateway-migration'] }),
    inconclusive: changed(isStep('attempt'), { detail: { failed: false, remedy: 'helm' } }),
  },
};

const onJourney: Record<string, Damages> = {
  'versions-differ': {
    fail: changed(isFact('versions'), {
      value: { before: { gateway: 'gateway 1.0.0' }, current: { gateway: 'gateway 1.0.0' } },
    }),
    inconclusive: changed(isFact('versions'), { value: { before: { gateway: 'gateway 0.9.0' }, current: {} } }),
  },
  'rollback-restores': {
    fail: changed(isFact('configuration.back'), { value: { 'tools/list': '3: a, b, c' } }),
    inconclusive: failedStep('back.gateway'),
  },
  'upgrade-repeats': {
    fail: changed(isFact('releases.again'), {
      value: { gateway: { revision: 4, chart: 'gateway-1.0.0', manifest: 'm2' } },
    }),
    inconclusive: without(isFact('configuration.to-current')),
  },
  'history-is-clean': {
    fail: changed(isFact('history.gateway'), {
      value: [
        revision(1, 'superseded', 'Install complete'),
        revision(2, 'superseded', 'Upgrade complete'),
        revision(3, 'failed', 'Rollback to 1'),
        revision(4, 'deployed', 'Upgrade complete'),
      ],
    }),
    inconclusive: without(isFact('history.gateway')),
  },
  'backed-up': {
    fail: failedStep('document.backup.again'),
    inconclusive: without(isStep('document.backup.to-current')),
  },
  verified: { fail: failedStep('document.verify.back'), inconclusive: without(isStep('document.verify.back')) },
};

/** What happens to one hop alone; the traffic of the others is left as it is. */
function onHop(hop: (typeof hops)[number]): Record<string, Damages> {
  const within = (
    path: TrafficCall['path'],
    damage: (call: TrafficCall) => TrafficCall,
  ): NonNullable<Damages['fail']> => ({
    traffic: (records) => {
      const { start, end } = changeOf(hop);
      const last = records.findLastIndex(
        (record) => isTrafficCall(record) && record.path === path && record.end > start && record.start < end + 4_000,
      );
      return records.map((record, index) => (index === last && isTrafficCall(record) ? damage(record) : record));
    },
  });
  const lost = (path: TrafficCall['path']): Damages => ({
    fail: within(path, (call) => ({ ...call, outcome: 'network-error', error: 'ECONNREFUSED' })),
    inconclusive: without(isStep(`change.${hop}`)),
  });
  return {
    done: { fail: failedStep(`${hop}.gateway`), inconclusive: without(isStep(`settled.${hop}`)) },
    'old-pods-gone': {
      fail: changed(isFact(`pods.${hop}`), { value: [podFact('gateway-old', { outdated: true })] }),
      inconclusive: changed(isFact(`pods.${hop}`), { value: [] }),
    },
    'data-kept': {
      fail: changed(isFact(`data.${hop}`), { value: [{ what: 'a team', found: false, error: 'HTTP 500' }] }),
      inconclusive: changed(isFact('data.before'), { value: [{ what: 'a team', found: false }] }),
    },
    'observer-saw': { inconclusive: blind },
    'no-call-lost.new-connection': lost('new-connection'),
    'no-call-lost.kept-alive': lost('kept-alive'),
    'no-call-lost.in-flight': lost('in-flight'),
    'no-call-lost.session': lost('session'),
    'sessions-kept': hop === 'again' ? { fail: loses('session'), inconclusive: blind } : lastOfSession(hop),
    'no-stall': {
      fail: within('kept-alive', (call) => ({ ...call, end: call.end + 6_000 })),
      inconclusive: without(isStep(`change.${hop}`)),
    },
  };
}

/** A session is lost with a hop when the last call before the next one's baseline fails. */
function lastOfSession(hop: (typeof hops)[number]): Damages {
  const next = changeOf(hops[hops.indexOf(hop) + 1] ?? hop).start - 5_000;
  return {
    fail: {
      traffic: (records) => {
        const last = records.findLastIndex(
          (record) => isTrafficCall(record) && record.path === 'session' && record.end < next,
        );
        return records.map((record, index) =>
          index === last && isTrafficCall(record) ? { ...record, outcome: 'rpc-error' as const } : record,
        );
      },
    },
    inconclusive: blind,
  };
}

export const upgradeDamages: Record<string, Damages> = {
  ...onDocuments,
  ...Object.fromEntries(
    Object.values(upgrade.everyCheck).map(({ id, experiment }) => {
      const rest = id.slice(experiment.length + 1);
      const hop = hops.find((name) => rest.startsWith(`${name}.`));
      if (experiment !== 'upgrade.path') return [id, onFailing[rest] ?? {}];
      return [id, (hop === undefined ? onJourney[rest] : onHop(hop)[rest.slice(hop.length + 1)]) ?? {}];
    }),
  ),
};
