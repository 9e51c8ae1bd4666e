import { allReady, candidateGets, noCallLost, samplesRight, sloHolds } from '../limits.ts';
import type { Recipe } from './types.ts';

/** A second environment beside the first, and one switch between them. */
export const blueGreen: Recipe = {
  strategy: 'blue_green',
  rollback: 'Switch traffic back to Blue environment',
  phases(model) {
    const { replicas } = model;
    const takeGreenAway = {
      text: 'Take Green away; no user has met it',
      actions: [{ type: 'decommission' as const, version: 'candidate' as const }],
    };
    const switchBack = {
      text: 'Switch traffic back to Blue environment, then take Green away',
      actions: [
        { type: 'switch' as const, to: 'stable' as const },
        { type: 'decommission' as const, version: 'candidate' as const },
      ],
    };
    return [
      {
        name: 'Deploy Green',
        duration: 'blueGreenDeploy',
        actions: [{ type: 'deploy', version: 'candidate', replicas }],
        candidateShare: 0,
        expectations: [allReady('candidate'), noCallLost(), candidateGets(0)],
        rollback: takeGreenAway,
      },
      {
        name: 'Test Green',
        duration: 'blueGreenTest',
        dwell: true,
        actions: [{ type: 'test', version: 'candidate' }],
        candidateShare: 0,
        expectations: [samplesRight(), noCallLost(), candidateGets(0)],
        rollback: takeGreenAway,
      },
      {
        name: 'Switch Traffic',
        duration: 'blueGreenSwitch',
        actions: [{ type: 'switch', to: 'candidate' }],
        candidateShare: 100,
        expectations: [noCallLost(), candidateGets(100)],
        rollback: switchBack,
      },
      {
        name: 'Monitor',
        duration: 'blueGreenMonitor',
        dwell: true,
        actions: [{ type: 'monitor' }],
        candidateShare: 100,
        expectations: sloHolds(model),
        rollback: switchBack,
      },
      {
        name: 'Decommission Blue',
        duration: 'blueGreenDecommission',
        actions: [{ type: 'decommission', version: 'stable' }],
        candidateShare: 100,
        expectations: [noCallLost()],
        rollback: {
          text: 'Deploy Blue again, and switch traffic back to it when it is ready',
          actions: [
            { type: 'deploy', version: 'stable', replicas },
            { type: 'switch', to: 'stable' },
            { type: 'decommission', version: 'candidate' },
          ],
        },
      },
    ];
  },
};
