import type { Callers } from './caller.ts';
import { mcpCallers } from './mcp-callers.ts';
import type { TrafficPlan } from './plan.ts';
import { predictionCallers } from './prediction-callers.ts';

/** Looks whether the endpoint can be called at all, and prepares all paths. @throws Error when it cannot. */
export function prepareCallers(plan: TrafficPlan): Promise<Callers> {
  return plan.kind === 'mcp' ? mcpCallers(plan) : predictionCallers(plan);
}
