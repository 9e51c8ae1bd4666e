import type { FactRecord } from '../../../../helpers/history/records.ts';
import type { Limit, Phase, Plan } from '../../../../helpers/planning/schema.ts';
import { changed, isFact, without, type Damage } from './histories.ts';

const isPlans = isFact('plan.all');

/** For every check on plans: what turns it red, and what blinds it. */
export const modelPlanDamages: Record<string, { fail: Damage; inconclusive: Damage }> = {
  'plan.requirements-are-assessed': {
    fail: changed(isFact('plan.requirements'), { value: { riskLevel: 'high', zeroDowntime: true } }),
    inconclusive: without(isFact('plan.requirements')),
  },
  'plan.strategy-fits-requirements': damage((plan) => ({ ...plan, declaredStrategy: 'recreate' })),
  'plan.totals-add-up': damage((plan) => ({ ...plan, totals: { ...plan.totals, plannedMs: 7_200_001 } })),
  'plan.reaches-everybody': damage(lastPhase((phase) => ({ ...phase, candidateShare: 50 }))),
  'plan.has-success-criteria': damage(eachPhase((phase) => ({ ...phase, expectations: phase.expectations.map(lax) }))),
  'plan.every-phase-has-rollback': damage(
    lastPhase((phase) => ({ ...phase, rollback: { text: 'Hope', actions: [{ type: 'monitor' }] } })),
  ),
  'plan.has-rollback-triggers': damage((plan) => ({
    ...plan,
    rollback: {
      ...plan.rollback,
      triggers: plan.rollback.triggers.filter(({ metric }) => metric !== 'average-latency'),
    },
  })),
};

function damage(change: (plan: Plan) => Plan): { fail: Damage; inconclusive: Damage } {
  return {
    fail: (records) =>
      records.map((record) =>
        isPlans(record)
          ? ({ ...record, value: ((record as FactRecord).value as Plan[]).map(change) } as FactRecord)
          : record,
      ),
    inconclusive: without(isPlans),
  };
}

/** Held to something, though not to what the protocol asks for. */
function lax(limit: Limit): Limit {
  return limit.metric === 'p95' ? { ...limit, metric: 'average-latency' } : limit;
}

function eachPhase(change: (phase: Phase) => Phase) {
  return (plan: Plan): Plan => ({ ...plan, phases: plan.phases.map(change) });
}

function lastPhase(change: (phase: Phase) => Phase) {
  return (plan: Plan): Plan => ({
    ...plan,
    phases: plan.phases.map((phase, index, { length }) => (index === length - 1 ? change(phase) : phase)),
  });
}
