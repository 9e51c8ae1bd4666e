import type { Strategy } from '../target/model/schema.ts';

/** The two versions of a rollout. */
export type Role = 'stable' | 'candidate';

/** Value of the label `version` of each role's pods, in the words of the strategy. None where both run in the same Deployment, one after the other. */
const slots: Readonly<Record<Strategy, Readonly<Record<Role, string>> | undefined>> = {
  blue_green: { stable: 'blue', candidate: 'green' },
  canary: { stable: 'stable', candidate: 'canary' },
  a_b_test: { stable: 'a', candidate: 'b' },
  rolling: undefined,
  recreate: undefined,
};

/** The slot of a role; undefined where a strategy has one Deployment for both. */
export function slotOf(strategy: Strategy, role: Role): string | undefined {
  return slots[strategy]?.[role];
}

/** Name of the Deployment (and of what belongs to it alone) of a role. */
export function workloadName(name: string, strategy: Strategy, role: Role): string {
  const slot = slotOf(strategy, role);
  return slot === undefined ? name : `${name}-${slot}`;
}

/** Name of the Service of type LoadBalancer, where users enter. */
export function entryName(name: string): string {
  return `${name}-lb`;
}

/** Whether calls are spread by weights, which needs Istio. */
export function isMeshed(strategy: Strategy): boolean {
  return strategy === 'canary' || strategy === 'a_b_test';
}

/** Label by which `kubectl apply --selector` takes one part of a manifest. */
export const PART = 'app.kubernetes.io/component';

/**
 * `autoscaler`: that of a canary, which only a full rollout brings to the size that it keeps. `analysis`: what Argo Rollouts asks of a
 * candidate.
 */
export type Part = 'base' | Role | 'autoscaler' | 'analysis' | 'entry';
