import { solutionsEngineer, support } from '../../../helpers/verdict/checks/index.ts';
import type { Levels } from '../../../helpers/verdict/types.ts';

/**
 * Criterion 6, "Vendor support model during the pilot": the scorecard anchors 1 (no dedicated support), 3 (support exists but is not
 * dedicated) and 5 (dedicated SE).
 */
export const supportModel: Levels = {
  1: {
    title: 'What is known about support is real and has a source',
    reason: 'The anchor for 1 is "no dedicated support": where nothing that can be relied on is said, there is none.',
    checks: [support.factsAreReal],
  },
  2: {
    title: 'Support is promised',
    reason:
      'Better than the anchor for 1, since there is somebody to call and an SLA; short of the anchor for 3, "support exists", which a promise does not show.',
    checks: [solutionsEngineer.isNamed, support.slaIsDeclared, support.factsAreCurrent],
  },
  3: {
    title: 'Support exists: it answers as the SLA promises, whether or not it is dedicated',
    reason: 'The anchor for 3, "support exists but is not dedicated": the tickets of the pilot show that it is there.',
    checks: [support.exportCoversPilot, support.exportIsSound, support.firstResponseWithinSla],
  },
  4: {
    title: 'A dedicated solutions engineer is there, with gaps',
    reason: 'The words of the criterion, "dedicated solutions engineer": from here on nobody out of a pool will do.',
    checks: [solutionsEngineer.isDedicated, solutionsEngineer.isAvailable],
  },
  5: {
    title:
      'A dedicated solutions engineer whose absence is provided for, and an SLA that fits incidents and is kept to the end',
    reason:
      'The anchor for 5, "dedicated SE": support that still holds when the engineer is away and when it is urgent.',
    checks: [solutionsEngineer.hasDeputy, support.slaFitsIncidents, support.resolvedWithinSla],
  },
};
