import type { Requirements, Strategy } from '../target/model/schema.ts';
import type { Choice } from './schema.ts';

interface Rule {
  requirement: string;
  applies(requirements: Requirements): boolean;
  strategy: Strategy;
  reason: string;
}

/**
 * From requirements to a strategy; the first rule that applies decides. A comparison comes first, since no other strategy answers its question,
 * whereas those that come after it merely differ in how carefully one version is brought in. The rest is in the order of the protocol.
 */
const rules: readonly Rule[] = [
  {
    requirement: 'two variants are to be compared',
    applies: ({ compareVariants }) => compareVariants === true,
    strategy: 'a_b_test',
    reason: 'Only an A/B test keeps both variants on comparable users for long enough to say which is better.',
  },
  {
    requirement: 'the risk is high',
    applies: ({ riskLevel }) => riskLevel === 'high',
    strategy: 'blue_green',
    reason: 'The old version stays whole beside the new one, and one switch brings all users back to it.',
  },
  {
    requirement: 'the rollout is to be gradual',
    applies: ({ gradualRollout }) => gradualRollout === true,
    strategy: 'canary',
    reason: 'Few users meet the new version first, and more only after it has held there.',
  },
  {
    requirement: 'there must be no downtime',
    applies: ({ zeroDowntime }) => zeroDowntime === true,
    strategy: 'rolling',
    reason: 'Pods are replaced one by one, and each only when its successor is ready; it needs room for one pod more.',
  },
];

const otherwise: Omit<Rule, 'applies'> = {
  requirement: 'nothing of that is required',
  strategy: 'recreate',
  reason: 'It is the fastest and needs no room for a second version; users notice an outage.',
};

/** What is asked for by the requirements, why, and what else they would have asked for. */
export function selectStrategy(requirements: Requirements): Choice {
  const [first, ...others] = rules.filter((rule) => rule.applies(requirements));
  const { strategy, requirement, reason } = first ?? otherwise;
  return {
    strategy,
    requirement,
    reason,
    passedOver: others.map((rule) => ({
      requirement: rule.requirement,
      strategy: rule.strategy,
      why: `"${requirement}" decides before "${rule.requirement}"`,
    })),
  };
}
