import { durations } from '../durations.ts';
import { allReady, candidateGets, samplesRight, sloHolds } from '../limits.ts';
import type { Limit } from '../schema.ts';
import type { Draft, Recipe } from './types.ts';

/** The old version away first, then the new one: an outage, which has to be shown. */
export const recreate: Recipe = {
  strategy: 'recreate',
  rollback: 'Stop the candidate and deploy the stable version again: a second outage',
  phases(model) {
    const { replicas } = model;
    const bringBack: Draft['rollback'] = {
      text: 'Stop the candidate and deploy the stable version again: users notice a second outage',
      actions: [
        { type: 'decommission', version: 'candidate' },
        { type: 'deploy', version: 'stable', replicas },
        { type: 'switch', to: 'stable' },
      ],
    };
    return [
      {
        name: 'Stop Old',
        duration: 'recreateStop',
        actions: [{ type: 'scale', version: 'stable', replicas: 0 }],
        candidateShare: 0,
        expectations: [outage()],
        rollback: {
          text: 'Start the stable version again; nothing of it is gone yet',
          actions: [{ type: 'scale', version: 'stable', replicas }],
        },
      },
      {
        name: 'Deploy New',
        duration: 'recreateDeploy',
        actions: [
          { type: 'deploy', version: 'candidate', replicas },
          { type: 'switch', to: 'candidate' },
          { type: 'decommission', version: 'stable' },
        ],
        candidateShare: 100,
        expectations: [allReady('candidate'), candidateGets(100), outage()],
        rollback: bringBack,
      },
      {
        name: 'Test New',
        duration: 'recreateTest',
        dwell: true,
        actions: [{ type: 'test', version: 'candidate' }],
        candidateShare: 100,
        expectations: [samplesRight()],
        rollback: bringBack,
      },
      {
        name: 'Monitor',
        duration: 'recreateMonitor',
        dwell: true,
        actions: [{ type: 'monitor' }],
        candidateShare: 100,
        expectations: sloHolds(model),
        rollback: bringBack,
      },
    ];
  },
};

/** Nobody is served from the stop of the old version to the readiness of the new one; that must not take longer than is planned. */
function outage(): Limit {
  const minutes = durations.recreateStop.minutes + durations.recreateDeploy.minutes;
  return { metric: 'outage', version: 'any', comparator: '<=', value: minutes * 60_000, unit: 'ms' };
}
