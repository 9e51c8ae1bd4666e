import { DEFAULT_VARIANT_PERCENTAGE } from '../durations.ts';
import { allReady, candidateGets, noCallLost, samplesRight, sloHolds } from '../limits.ts';
import type { Limit } from '../schema.ts';
import type { Draft, Recipe } from './types.ts';

/** Two variants on comparable users, until it can be said which is better. */
export const abTest: Recipe = {
  strategy: 'a_b_test',
  rollback: 'Give all users variant A again',
  phases(model) {
    const { replicas, variantPercentage: share = DEFAULT_VARIANT_PERCENTAGE } = model;
    return [
      {
        name: 'Deploy Variant B',
        duration: 'variantDeploy',
        actions: [{ type: 'deploy', version: 'candidate', replicas }],
        candidateShare: 0,
        expectations: [allReady('candidate'), noCallLost(), candidateGets(0)],
        rollback: takeAway,
      },
      {
        name: 'Test Variant B',
        duration: 'variantTest',
        dwell: true,
        actions: [{ type: 'test', version: 'candidate' }],
        candidateShare: 0,
        expectations: [samplesRight(), noCallLost(), candidateGets(0)],
        rollback: takeAway,
      },
      {
        name: `Split Users ${100 - share}/${share}`,
        duration: 'variantSplit',
        actions: [{ type: 'split', candidate: share }],
        candidateShare: share,
        expectations: [noCallLost(), usersStay],
        rollback: giveBack,
      },
      {
        name: 'Compare',
        duration: 'variantCompare',
        dwell: true,
        actions: [{ type: 'monitor' }, { type: 'compare' }],
        candidateShare: share,
        expectations: [candidateGets(share), usersStay, ...sloHolds(model, 'stable'), ...sloHolds(model)],
        rollback: giveBack,
      },
      {
        name: 'Promote the Better',
        duration: 'variantPromote',
        actions: [{ type: 'promote' }],
        candidateShare: 100,
        expectations: [noCallLost()],
        rollback: giveBack,
      },
      {
        name: 'Monitor',
        duration: 'variantMonitor',
        dwell: true,
        actions: [{ type: 'monitor' }],
        candidateShare: 100,
        expectations: sloHolds(model, 'any'),
        rollback: giveBack,
      },
      {
        name: 'Decommission the Other',
        duration: 'variantDecommission',
        actions: [{ type: 'decommission', version: 'loser' }],
        candidateShare: 100,
        expectations: [noCallLost()],
        rollback: {
          text: 'Deploy variant A again where it was taken away, and give all users variant A when it is ready',
          actions: [
            { type: 'deploy', version: 'stable', replicas },
            { type: 'split', candidate: 0 },
            { type: 'decommission', version: 'candidate' },
          ],
        },
      },
    ];
  },
};

const takeAway: Draft['rollback'] = {
  text: 'Take variant B away; no user has met it',
  actions: [{ type: 'decommission', version: 'candidate' }],
};

const giveBack: Draft['rollback'] = {
  text: 'Give all users variant A again, then take variant B away',
  actions: [
    { type: 'split', candidate: 0 },
    { type: 'decommission', version: 'candidate' },
  ],
};

/** Who has got a variant keeps it: otherwise nothing can be said about users. */
const usersStay: Limit = { metric: 'users-moved', version: 'any', comparator: '=', value: 0, unit: 'count' };
