import type { Inconsistency } from '../../consistency.ts';
import { parseQuantity } from '../quantity.ts';
import type { ModelDeclaration } from '../schema.ts';

/** Kubernetes refuses a container that requests more than its limit. */
export function resourceRules({ resources: { requests, limits } }: ModelDeclaration): Inconsistency[] {
  return (['cpu', 'memory'] as const).flatMap((resource) => {
    const [requested, limit] = [requests[resource], limits[resource]];
    if ((parseQuantity(requested) ?? 0n) <= (parseQuantity(limit) ?? 0n)) return [];
    return [
      {
        path: ['resources', 'requests', resource],
        what: `The request of ${requested} ${resource} is more than the limit of ${limit}`,
        fix: `request at most ${limit}, or raise resources.limits.${resource}`,
      },
    ];
  });
}
