import type { Inconsistency } from '../../consistency.ts';
import type { ModelDeclaration } from '../schema.ts';

/** Fields that belong to one strategy, and those that belong to the number of replicas. */
export function strategyRules(model: ModelDeclaration): Inconsistency[] {
  return [...canary(model), ...variant(model), ...replicas(model)];
}

function canary({ strategy, canaryPercentage }: ModelDeclaration): Inconsistency[] {
  if (strategy === 'canary' && canaryPercentage === undefined) {
    return [
      {
        path: ['canaryPercentage'],
        what: 'Strategy canary needs canaryPercentage',
        fix: 'add "canaryPercentage: 10", the share of calls that the canary gets first, from 1 to 99 percent',
      },
    ];
  }
  return strategy === 'canary' ? [] : onlyWith('canary', 'canaryPercentage', canaryPercentage, strategy);
}

function variant({ strategy, variantPercentage }: ModelDeclaration): Inconsistency[] {
  return strategy === 'a_b_test' ? [] : onlyWith('a_b_test', 'variantPercentage', variantPercentage, strategy);
}

function onlyWith(owner: string, field: string, value: number | undefined, strategy: string): Inconsistency[] {
  if (value === undefined) return [];
  return [
    {
      path: [field],
      what: `${field} means nothing to strategy ${strategy}`,
      fix: `remove it, or write "strategy: ${owner}"`,
    },
  ];
}

function replicas({ replicas: minimum, autoscaling }: ModelDeclaration): Inconsistency[] {
  if (autoscaling === undefined || autoscaling.maxReplicas >= minimum) return [];
  return [
    {
      path: ['autoscaling', 'maxReplicas'],
      what: `maxReplicas is ${String(autoscaling.maxReplicas)}, fewer than the ${String(minimum)} replicas that serve`,
      fix: `write at least ${String(minimum)}, or lower "replicas:"`,
    },
  ];
}
