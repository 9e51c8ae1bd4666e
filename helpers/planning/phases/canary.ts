import { CANARY_STEPS, DEFAULT_CANARY_PERCENTAGE } from '../durations.ts';
import { allReady, candidateGets, noCallLost, samplesRight, sloHolds } from '../limits.ts';
import type { Draft, Recipe } from './types.ts';

/** A growing percentage of calls, as long as the candidate holds. */
export const canary: Recipe = {
  strategy: 'canary',
  rollback: 'Route all traffic back to stable version',
  phases(model) {
    const first = model.canaryPercentage ?? DEFAULT_CANARY_PERCENTAGE;
    // A first step beyond one of the protocol's own takes that one's place too: weights only grow.
    const steps = [first, ...CANARY_STEPS.filter((step) => step > first)];
    const monitor = (step: number): Draft => ({
      name: `Monitor ${step}%`,
      duration: 'canaryMonitor',
      dwell: true,
      actions: [{ type: 'monitor' }],
      candidateShare: step,
      expectations: [candidateGets(step), ...sloHolds(model)],
      rollback,
    });
    return [
      {
        name: `Deploy Canary ${first}%`,
        duration: 'canaryDeploy',
        actions: [
          { type: 'deploy', version: 'candidate', replicas: podsFor(first, model.replicas) },
          { type: 'test', version: 'candidate' },
          { type: 'weight', candidate: first },
        ],
        candidateShare: first,
        expectations: [allReady('candidate'), samplesRight(), noCallLost(), candidateGets(first)],
        rollback,
      },
      monitor(first),
      ...steps.slice(1).flatMap((step): Draft[] => [
        {
          name: `Increase to ${step}%`,
          duration: 'canaryIncrease',
          actions: [
            { type: 'scale', version: 'candidate', replicas: podsFor(step, model.replicas) },
            { type: 'weight', candidate: step },
          ],
          candidateShare: step,
          expectations: [allReady('candidate'), noCallLost(), candidateGets(step)],
          rollback,
        },
        monitor(step),
      ]),
      {
        name: 'Full Rollout',
        duration: 'canaryFull',
        actions: [
          { type: 'scale', version: 'candidate', replicas: model.replicas },
          { type: 'weight', candidate: 100 },
          { type: 'decommission', version: 'stable' },
        ],
        candidateShare: 100,
        expectations: [allReady('candidate'), noCallLost(), candidateGets(100), ...sloHolds(model)],
        rollback: {
          text: 'Deploy the stable version again, and route all traffic back to it when it is ready',
          actions: [
            { type: 'deploy', version: 'stable', replicas: model.replicas },
            { type: 'weight', candidate: 0 },
            { type: 'decommission', version: 'candidate' },
          ],
        },
      },
    ];
  },
};

const rollback: Draft['rollback'] = {
  text: 'Route all traffic back to stable version, then take the canary away',
  actions: [
    { type: 'weight', candidate: 0 },
    { type: 'decommission', version: 'candidate' },
  ],
};

/** As many pods as bear that percentage of the calls, at least one. */
function podsFor(percentage: number, replicas: number): number {
  return Math.max(1, Math.ceil((replicas * percentage) / 100));
}
