import { escalation, support } from '../../../helpers/verdict/checks/index.ts';
import type { Levels } from '../../../helpers/verdict/types.ts';

/**
 * Criterion 7, "P0/P1 escalation path after the pilot": the scorecard anchors 1 (no dedicated support), 3 (support exists but is not
 * dedicated) and 5 (documented escalation path).
 */
export const escalationPath: Levels = {
  1: {
    title: 'What is known about escalation is real and has a source',
    reason: 'The anchor for 1 is "no dedicated support": a path that nobody vouches for is none.',
    checks: [support.factsAreReal],
  },
  2: {
    title: 'There is somebody to call',
    reason:
      'Better than the anchor for 1, since contacts are written down; who comes after the first of them is not asked yet.',
    checks: [escalation.factsAreCurrent, escalation.contactsLeadSomewhere],
  },
  3: {
    title: 'There is a path from level to level in production, with gaps',
    reason:
      'The anchor for 3, "support exists but is not dedicated": it can be escalated, though not for every P0 and P1.',
    checks: [escalation.hasNoDeadEnd, escalation.holdsAfterPilot],
  },
  4: {
    title: 'P0 and P1 are escalated whenever they happen',
    reason:
      'The words of the criterion, "P0/P1 … in production": at any hour, up to those who decide, and told to everybody.',
    checks: [escalation.coversMostUrgent, escalation.reachesTheTopInTime, escalation.hasStatusPage],
  },
  5: {
    title: 'The documented path was drilled, lately and within its limits',
    reason: 'The anchor for 5, "documented escalation path": a document is right once somebody has walked the path.',
    checks: [escalation.drillKeptLimits, escalation.drillIsRecent],
  },
};
