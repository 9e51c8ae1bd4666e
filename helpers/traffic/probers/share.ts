import type { TrafficPlan } from '../plan.ts';

/**
 * What one of several observers does of a plan: all of them together send what one would have sent alone. Pure.
 * @param index from 0 on. @param count of all observers.
 */
export function shareOf<Plan extends TrafficPlan>(
  plan: Plan,
  { index, count }: { index: number; count: number },
): Plan {
  const rates = Object.fromEntries(Object.entries(plan.rates).map(([path, rate]) => [path, rate / count]));
  // Sessions are whole: the first observers have one more where they cannot be dealt out evenly.
  const sessions = Math.floor(plan.sessions / count) + (index < plan.sessions % count ? 1 : 0);
  const own = plan.sessions === 0 ? 0 : (plan.rates.session * sessions) / plan.sessions;
  return { ...plan, sessions, rates: { ...rates, session: own }, ...longCallOf(plan, { index, count }) };
}

/** Every length is called by one observer; without any left there is no long call. */
function longCallOf(plan: TrafficPlan, { index, count }: { index: number; count: number }) {
  if (plan.kind !== 'mcp' || plan.longCall === undefined) return {};
  const lengths = plan.longCall.lengths.filter((_, place) => place % count === index);
  return { longCall: lengths.length === 0 ? undefined : { ...plan.longCall, lengths } };
}
