import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { durations } from './durations.ts';
import { rollbackTriggers } from './limits.ts';
import { abTest } from './phases/a-b-test.ts';
import { blueGreen } from './phases/blue-green.ts';
import { canary } from './phases/canary.ts';
import { recreate } from './phases/recreate.ts';
import { rolling } from './phases/rolling.ts';
import type { Draft, Recipe } from './phases/types.ts';
import type { Phase, Plan } from './schema.ts';
import { selectStrategy } from './select.ts';

const recipes: Readonly<Record<Strategy, Recipe>> = {
  blue_green: blueGreen,
  canary,
  rolling,
  recreate,
  a_b_test: abTest,
};

/**
 * The plan for bringing the candidate of a model in. Pure.
 * @param strategy the one of the target, unless another one is asked for: what belongs to that one alone then has the protocol's figures.
 */
export function planFor(model: ModelDeclaration, strategy: Strategy = model.strategy): Plan {
  const recipe = recipes[strategy];
  const phases = inTime(recipe.phases(model), model.trialFactor);
  const sum = (of: (phase: Phase) => number) => phases.reduce((total, phase) => total + of(phase), 0);
  return {
    schema: 'https://seatrial.dev/schemas/plan/v1',
    target: model.name,
    strategy,
    declaredStrategy: model.strategy,
    choice: selectStrategy(model.requirements),
    replicas: model.replicas,
    trialFactor: model.trialFactor,
    phases,
    rollback: { text: recipe.rollback, triggers: rollbackTriggers(model), limitMs: model.slo.rollbackMs },
    totals: {
      plannedMs: sum(({ plannedMs }) => plannedMs),
      dwellMs: sum(({ dwell, plannedMs }) => (dwell ? plannedMs : 0)),
      trialDwellMs: sum(({ dwell, trialMs }) => (dwell ? trialMs : 0)),
      trialMs: sum(({ trialMs }) => trialMs),
    },
  };
}

/** Each phase begins where the one before it ends. Work takes as long as it takes, in a trial too: only dwell times are shortened. */
function inTime(drafts: readonly Draft[], trialFactor: number): Phase[] {
  let startMs = 0;
  return drafts.map(({ duration, dwell = false, ...draft }, index) => {
    const plannedMs = durations[duration].minutes * 60_000;
    const trialMs = dwell ? Math.max(1, Math.round(plannedMs * trialFactor)) : plannedMs;
    const phase = { number: index + 1, ...draft, startMs, plannedMs, dwell, trialMs };
    startMs += plannedMs;
    return phase;
  });
}
