import { allReady, noCallLost, sloHolds } from '../limits.ts';
import type { Draft, Recipe } from './types.ts';

/** Pod after pod, each replaced only when its successor is ready. */
export const rolling: Recipe = {
  strategy: 'rolling',
  rollback: 'Roll back pods one by one',
  phases(model) {
    const of = model.replicas;
    return Array.from({ length: of }, (_, index): Draft => {
      const pod = index + 1;
      return {
        name: `Update Pod ${pod}/${of}`,
        duration: 'rollingPod',
        actions: [{ type: 'update-pod', pod, of, to: 'candidate' }],
        candidateShare: (100 * pod) / of,
        // What is beyond the last pod is a new version for everybody: it has to hold before the plan is done.
        expectations: [allReady('any'), noCallLost(), ...(pod === of ? sloHolds(model) : [])],
        rollback: {
          text: `Roll back pods one by one, the ${pod === 1 ? 'one' : `${pod}`} that ${pod === 1 ? 'is' : 'are'} updated`,
          actions: Array.from({ length: pod }, (_gone, back) => ({
            type: 'update-pod' as const,
            pod: pod - back,
            of,
            to: 'stable' as const,
          })),
        },
      };
    });
  },
};
