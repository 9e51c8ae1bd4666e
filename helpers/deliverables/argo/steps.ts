import type { Phase, Plan, PlanAction } from '../../planning/schema.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import { analysisArguments, hasAskableSamples, samplesName } from './analysis.ts';
import type { RolloutTiming } from './timing.ts';

export type CanaryStep = Record<string, unknown>;

/** The steps of a canary, and where those of each phase end: how far a Rollout is tells which phases are over. */
export interface CanarySteps {
  steps: CanaryStep[];
  /** Number of steps that are done when the phase is over, by its place in the plan. */
  ends: number[];
}

/** A plan of strategy canary as steps of a Rollout. @param tested whether the candidate is asked the samples before users meet it. */
export function canarySteps(
  model: ModelDeclaration,
  { phases }: Pick<Plan, 'phases'>,
  { timing, tested }: { timing: RolloutTiming; tested: boolean },
): CanarySteps {
  const steps: CanaryStep[] = [];
  const ends = phases.map((phase) => {
    steps.push(...phase.actions.flatMap((action) => stepsOf(model, phase, action, { timing, tested })));
    return steps.length;
  });
  return { steps, ends };
}

function stepsOf(
  model: ModelDeclaration,
  phase: Phase,
  action: PlanAction,
  { timing, tested }: { timing: RolloutTiming; tested: boolean },
): CanaryStep[] {
  switch (action.type) {
    case 'deploy':
    case 'scale':
      return [{ setCanaryScale: { weight: shareOf(action.replicas, model.replicas) } }];
    case 'test':
      if (!tested || !hasAskableSamples(model)) return [];
      return [{ analysis: { templates: [{ templateName: samplesName(model) }], args: analysisArguments } }];
    case 'weight':
      return [{ setWeight: action.candidate }];
    case 'monitor':
      return [{ pause: { duration: `${String(timing.dwell(phase))}s` } }];
    case 'decommission':
      // What comes after its last step the controller does by itself.
      return [];
    default:
      throw new Error(`A canary of Argo Rollouts has no step "${action.type}"`);
  }
}

/**
 * So many of all replicas as a percentage, of which the controller takes the next whole number of pods. A share grows with what an autoscaler
 * makes of the stable version meanwhile; a number would leave the candidate too small for its part of the calls.
 */
function shareOf(replicas: number, all: number): number {
  const share = Math.floor((100 * replicas) / all);
  return Math.ceil((share * all) / 100) < replicas ? share + 1 : share;
}

/** The step from which on users may meet the candidate. */
export function firstExposure(steps: readonly CanaryStep[]): number {
  return Math.max(
    0,
    steps.findIndex((step) => 'setWeight' in step),
  );
}
