import { runbooks } from '../../../helpers/verdict/checks/index.ts';
import type { Levels } from '../../../helpers/verdict/types.ts';

/**
 * Criterion 5, "Runbooks for common failure scenarios". The scorecard's anchors speak of charts and support; what they say of those is said
 * of runbooks here: 1 (nothing to go by), 3 (there, with gaps, unverified) and 5 (seen to do what it is for).
 */
export const runbooksForFailures: Levels = {
  1: {
    title: 'There are runbooks, but not for every common failure',
    reason:
      'The anchor for 1 is "manual deployment only": without a single runbook, every failure is dealt with by heart.',
    checks: [...runbooks.areThere],
  },
  2: {
    title: 'Every common failure has a runbook; what is in it was not asked',
    reason:
      'The words of the criterion, "runbooks for common failure scenarios", taken at their least: one for each of them.',
    checks: [...runbooks.found],
  },
  3: {
    title: 'The runbooks say what an operator needs, unverified',
    reason:
      'The anchor for 3, "works with gaps … unverified": symptoms, diagnosis, remedy, verification and escalation are written down, and nobody has tried them.',
    checks: [...runbooks.complete],
  },
  4: {
    title: 'The runbooks work: followed in a real failure, they repair it',
    reason: 'A runbook is for being followed: its commands end well, and the target is as it was before.',
    checks: [...runbooks.works, ...runbooks.restored],
  },
  5: {
    title: 'Failures are seen and over in time, for the clients',
    reason:
      'The anchor for 5 is a deployment that can be relied on: what counts in a failure is when clients are served again.',
    checks: [...runbooks.detected, ...runbooks.recovered, ...runbooks.observerSaw],
  },
};
