import { z } from 'zod';
import type { History } from '../history/history.ts';
import { planSchema } from '../planning/schema.ts';
import type { Phase, Plan } from '../planning/schema.ts';
import { strategyName } from '../planning/text.ts';
import { fail, ofFact, pass } from './finding.ts';
import type { Finding } from './types.ts';

/** What was required, as it was declared. */
export const REQUIREMENTS = 'plan.requirements';
/** The plans of all strategies, that of the declared one first. */
export const PLANS = 'plan.all';

const plans = z.array(planSchema).min(1);

/** What to find in the plans of all strategies, the declared one first; inconclusive where they were not recorded. */
export function ofPlans(history: History, find: (plans: readonly Plan[], evidence: string) => Finding): Finding {
  return ofFact(history, PLANS, plans, find);
}

/** Passes where no plan has a gap; names each of them otherwise, by strategy and phase. */
export function withoutGaps(
  history: History,
  gapsIn: (plan: Plan) => readonly string[],
  seen: (plans: readonly Plan[]) => string,
): Finding {
  return ofPlans(history, (all, evidence) => {
    const gaps = all.flatMap((plan) => gapsIn(plan).map((gap) => `${strategyName(plan.strategy)}: ${gap}`));
    return gaps.length === 0 ? pass(seen(all), evidence) : fail(gaps.join('; '), evidence);
  });
}

/** `phase 3 (Switch Traffic)`. */
export function phaseName({ number, name }: Phase): string {
  return `phase ${number} (${name})`;
}
