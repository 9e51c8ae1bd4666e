import { changes } from '../../../../helpers/verdict/checks/index.ts';
import { changed, failedStep, isFact, isStep, without } from './histories.ts';
import type { Damage, Damages } from './histories.ts';
import { blind, loses, losesOne, stalls } from './traffic-history.ts';

/** What every change under traffic may go wrong by, by the end of the check's id. */
const common: Record<string, Damages> = {
  made: { fail: failedStep('change.made'), inconclusive: without(isStep('change.made')) },
  // Whether anything was seen is never the target's fault: this check is green or blind.
  'observer-saw': { inconclusive: blind },
  'no-call-lost.new-connection': { fail: loses('new-connection'), inconclusive: blind },
  'no-call-lost.kept-alive': { fail: loses('kept-alive'), inconclusive: blind },
  'no-call-lost.in-flight': { fail: loses('in-flight'), inconclusive: blind },
  'no-call-lost.session': { fail: losesOne('session'), inconclusive: blind },
  'sessions-kept': { fail: loses('session'), inconclusive: blind },
  'no-stall': { fail: stalls('kept-alive'), inconclusive: blind },
  'no-needless-restart': {
    fail: eachPod(({ restarts, ...pod }) => ({ ...pod, restarts: restarts + 1 })),
    inconclusive: without(isFact('pods.after')),
  },
  'served-by-every-pod': {
    // It comes, though long after the change was reported as done.
    fail: changed(isFact('effect'), { value: [effect({ firstNew: Number.MAX_SAFE_INTEGER })] }),
    alsoFail: [changed(isFact('effect'), { value: [effect({ firstNew: undefined })] })],
    inconclusive: changed(isFact('effect'), { value: [effect({ answers: 0, failure: 'connection refused' })] }),
  },
  'tools-coherent': {
    fail: changed(isFact('served'), { value: [served('gateway-1', 'a1b2c3d4'), served('gateway-2', 'ffffffff')] }),
    inconclusive: without(isFact('served')),
  },
  'nothing-stale': {
    fail: changed(isFact('served'), {
      value: [served('gateway-1', 'a1b2c3d4', { 'gateway/settings': 'old' }), served('gateway-2', 'a1b2c3d4')],
    }),
    inconclusive: without(isFact('effect')),
  },
  refused: {
    fail: changed(isFact('attempts'), {
      value: [{ what: 'a tool that does not exist', outcome: 'accepted', answer: '' }],
    }),
    inconclusive: changed(isFact('attempts'), {
      value: [{ what: 'nonsense', outcome: 'no answer', answer: 'timeout' }],
    }),
  },
  'old-state-stays': {
    fail: changed(isFact('effect'), { value: [effect({ relapses: 3 })] }),
    inconclusive: changed(isFact('effect'), { value: [] }),
  },
  'concurrent-upgrade-refused': {
    fail: changed(isFact('upgrade.meanwhile'), { value: { refused: false, answer: 'accepted' } }),
    inconclusive: without(isFact('upgrade.meanwhile')),
  },
  'fewer-pods': {
    // Nothing goes.
    fail: (records) => changed(isFact('pods.after'), { value: valueOf(records.find(isFact('pods.before'))) })(records),
    alsoFail: [changed(isFact('pods.after'), { value: [pod('gateway-3', {})] })],
    inconclusive: without(isFact('pods.before')),
  },
  'pods-moved': {
    fail: changed(isFact('pods.after'), { value: [pod('gateway-7d9f8c6b5d-gone1', {})] }),
    inconclusive: changed(isFact('drained'), { value: { node: 'node-1', pods: [] } }),
  },
  restored: {
    fail: changed(isFact('state.after'), { value: { 'Tool/tools-echo': 'e1', 'Tool/left-over': 'x' } }),
    // Nothing was changed, so nothing can have been restored.
    inconclusive: (records) => {
      const before = records.find(isFact('state.before'));
      return records.map((record) =>
        isFact('state.changed')(record) ? { ...record, value: valueOf(before) } : record,
      );
    },
  },
  'import-tells-the-truth': {
    fail: changed(isFact('state.imported'), { value: { 'Tool/left-over': 'x' } }),
    inconclusive: without(isStep('import')),
  },
};

export const changeDamages: Record<string, Damages> = Object.fromEntries(
  Object.values(changes.everyCheck).map(({ id, experiment }) => [id, common[id.slice(experiment.length + 1)] ?? {}]),
);

type Pod = ReturnType<typeof pod>;

/** The pods after the change, as `change` makes them of what they are. */
function eachPod(change: (pod: Pod) => Pod): Damage {
  return (records) => {
    const pods = valueOf(records.find(isFact('pods.after'))) as Pod[];
    return changed(isFact('pods.after'), { value: pods.map(change) })(records);
  };
}

function pod(name: string, more: { restarts?: number }) {
  return { name, uid: `uid of ${name}`, kind: 'ReplicaSet', ready: true, restarts: 0, node: 'node-1', ...more };
}

function effect(more: object) {
  return { pod: 'gateway-1', lastOld: 1, firstNew: 2, relapses: 0, answers: 3, ...more };
}

function served(name: string, toolset: string, sections: Record<string, string> = { 'gateway/settings': 's1' }) {
  return { pod: name, tools: ['tools-echo'], toolset, sections };
}

function valueOf(record: unknown): unknown {
  return (record as { value?: unknown } | undefined)?.value;
}
