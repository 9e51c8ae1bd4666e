import type { Check } from '../types.ts';
import { executionChecks } from './model-gates/execution.ts';
import { figureChecks } from './model-gates/figures.ts';

/** What the protocol's gates 2 and 3 and its success criteria ask of a deployment, drawn from the rollout of one strategy. */
function gateChecks(experiment: string) {
  return { ...executionChecks(experiment), ...figureChecks(experiment) };
}

export const rolling = gateChecks('strategy.rolling');
export const blueGreen = gateChecks('strategy.blue-green');
/** Every check of this kind. */
export const everyCheck: readonly Check[] = [...Object.values(rolling), ...Object.values(blueGreen)];
