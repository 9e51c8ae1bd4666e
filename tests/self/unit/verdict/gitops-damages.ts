import { twins } from '../gitops/twins.ts';
import { historyOf, historyOfFacts } from '../gitops/tree.ts';
import { NO_TREE } from '../../../../helpers/verdict/gitops-facts.ts';
import type { Damage } from './histories.ts';

/** Real trees with one defect each, as `gitops.static` reads them; without a tree there is nothing to judge. */
export const gitopsDamages: Record<string, { fail: Damage; inconclusive: Damage }> = Object.fromEntries(
  twins.map(({ check, tree }) => [
    check,
    {
      fail: () => [...historyOf(tree).records],
      inconclusive: () => [...historyOfFacts({ [NO_TREE]: true }).records],
    },
  ]),
);
