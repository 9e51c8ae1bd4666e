import { changed, failedStep, isFact, isStep, without, type Damages } from './histories.ts';
import { blind, loses, losesOne, stalls } from './traffic-history.ts';

const there = { answered: true, holds: true, seen: 'it is there already' };
const late = { pushed: 0, firstSeenMs: 24_100, everywhereMs: 3_600_000 };
const lost = { calls: 15, served: 13, lost: [{ at: 0, seen: 'fetch failed' }] };

/** For every check on a deployment that follows Git: what turns it red, and what blinds it. */
export const gitopsLiveDamages: Record<string, Damages> = {
  'gitops-live.deploys-from-git': { fail: failedStep('deployed'), inconclusive: without(isStep('first-call')) },
  'gitops-live.by-git-alone': {
    fail: (records) => [...records, { type: 'write', at: 0, verb: 'patch', object: 'Deployment/gateway' }],
    inconclusive: without((record) => record.type === 'write' && record.verb === 'git push'),
  },
  'gitops-live.gateway-by-commit': {
    fail: failedStep('effect.gateway'),
    inconclusive: changed(isFact('effect-before.gateway'), { value: there }),
  },
  'gitops-live.server-by-commit': {
    fail: changed(isStep('effect.server'), { detail: late }),
    inconclusive: without(isStep('commit.server')),
  },
  'gitops-live.policy-by-commit': {
    fail: failedStep('arrived.policy'),
    inconclusive: changed(isFact('effect-before.policy'), { value: { ...there, answered: false, holds: false } }),
  },
  'gitops-live.revert-restores': {
    fail: changed(isFact('state.not-restored'), { value: ['Tool/tools-fail'] }),
    inconclusive: changed(isFact('state.changes'), { value: [] }),
  },
  'gitops-live.corrects-drift': { fail: failedStep('drift.edit'), inconclusive: without(isStep('drift.scale')) },
  'gitops-live.reports-drift': {
    fail: changed(isFact('drift.reported'), { value: [] }),
    inconclusive: without((record) => record.type === 'write' && record.verb === 'patch'),
  },
  'gitops-live.suspension-holds': {
    fail: changed(isStep('held.suspended'), { detail: { looks: 8, held: 5 } }),
    inconclusive: changed(isStep('held.suspended'), { detail: { looks: 0, held: 0 } }),
  },
  'gitops-live.git-away-is-harmless': {
    fail: failedStep('told.git-away'),
    inconclusive: (records) => [
      ...records,
      { type: 'fact', at: 0, key: 'git-away.not-tried', value: 'the Git server is not the trial’s own' },
    ],
  },
  'gitops-live.git-back-arrives': {
    fail: failedStep('effect.git-back'),
    inconclusive: without(isStep('effect.git-back')),
  },
  'gitops-live.refuses-invalid': {
    fail: changed(isFact('touched.invalid'), { value: ['Deployment/gateway'] }),
    inconclusive: without(isStep('commit.invalid')),
  },
  'gitops-live.serves-throughout': {
    fail: changed(isFact('serving.drift'), { value: lost }),
    inconclusive: without(isFact('serving.invalid')),
  },
  // What an observer did not see is never the target's fault.
  'gitops.deploy.observer-saw': { inconclusive: blind },
  'gitops.deploy.no-call-lost.new-connection': { fail: loses('new-connection'), inconclusive: blind },
  'gitops.deploy.no-call-lost.kept-alive': { fail: loses('kept-alive'), inconclusive: blind },
  'gitops.deploy.no-call-lost.in-flight': { fail: loses('in-flight'), inconclusive: blind },
  'gitops.deploy.no-call-lost.session': { fail: losesOne('session'), inconclusive: blind },
  'gitops.deploy.sessions-kept': { fail: loses('session'), inconclusive: blind },
  'gitops.deploy.no-stall': { fail: stalls('kept-alive'), inconclusive: blind },
};
