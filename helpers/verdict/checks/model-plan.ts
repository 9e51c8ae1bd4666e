import { z } from 'zod';
import type { metrics } from '../../planning/schema.ts';
import type { Phase, Plan, PlanAction } from '../../planning/schema.ts';
import { choiceText, planned, strategyName } from '../../planning/text.ts';
import { atMost, check, fail, ofFact, pass } from '../finding.ts';
import { ofPlans, phaseName, REQUIREMENTS, withoutGaps } from '../plan-facts.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on the plan by which the new version of a model is brought in. */
const experiment = 'model.plan';

const TO_ASSESS = ['riskLevel', 'gradualRollout', 'zeroDowntime', 'compareVariants'] as const;
const none = String(thresholds.planGaps.value);

export const requirementsAreAssessed = check({
  id: 'plan.requirements-are-assessed',
  title: 'Every requirement on the deployment was assessed',
  expected: `${none} of ${TO_ASSESS.join(', ')} not stated`,
  experiment,
  reason: thresholds.planGaps.reason,
  evaluate: (history) =>
    ofFact(history, REQUIREMENTS, z.record(z.string(), z.unknown()), (stated, evidence) => {
      const open = TO_ASSESS.filter((requirement) => stated[requirement] === undefined);
      return atMost(thresholds.planGaps.value, 'requirements not stated', open, evidence);
    }),
});

export const strategyFits = check({
  id: 'plan.strategy-fits-requirements',
  title: 'The declared strategy is the one that the requirements ask for',
  expected:
    'the strategy of the first rule that applies: comparison, high risk, gradual rollout, no downtime, else recreate',
  experiment,
  evaluate: (history) =>
    ofPlans(history, ([plan], evidence) => {
      if (plan === undefined) return fail('there is no plan', evidence);
      const seen = `${strategyName(plan.declaredStrategy)}. ${choiceText(plan).join(' ')}`;
      return plan.declaredStrategy === plan.choice.strategy ? pass(seen, evidence) : fail(seen, evidence);
    }),
});

export const totalsAddUp = check({
  id: 'plan.totals-add-up',
  title: 'The times of every plan add up',
  expected: `${none} phases that do not begin where the one before them ends, and totals that are the sums of the phases`,
  experiment,
  reason: thresholds.planGaps.reason,
  evaluate: (history) => withoutGaps(history, timeGaps, (plans) => plans.map(timesOf).join('; ')),
});

export const reachesEverybody = check({
  id: 'plan.reaches-everybody',
  title: 'Every plan brings the candidate to all users, and never to fewer than before',
  expected: '100 % of calls on the candidate after the last phase, no phase with less than the one before it',
  experiment,
  evaluate: (history) =>
    withoutGaps(history, shareGaps, (plans) =>
      plans.map(({ strategy, phases }) => `${strategyName(strategy)} ${sharesOf(phases).join('/')} %`).join('; '),
    ),
});

export const hasSuccessCriteria = check({
  id: 'plan.has-success-criteria',
  title: 'Every phase says what has to hold, and every plan holds the candidate to the SLOs',
  expected: `${none} phases without a limit; P95, P99, error rate, availability and OOM kills in every plan`,
  experiment,
  reason: thresholds.planGaps.reason,
  evaluate: (history) =>
    withoutGaps(
      history,
      (plan) => [
        ...plan.phases
          .filter(({ expectations }) => expectations.length === 0)
          .map((phase) => `${phaseName(phase)} has no limit`),
        ...SLO_METRICS.filter((metric) => !limitsOf(plan).includes(metric)).map(
          (metric) => `nothing holds it to ${metric}`,
        ),
      ],
      (plans) => `${plans.flatMap(({ phases }) => phases).length} phases with ${plans.flatMap(limitsOf).length} limits`,
    ),
});

export const everyPhaseHasRollback = check({
  id: 'plan.every-phase-has-rollback',
  title: 'There is a way back to the stable version from every phase of every plan',
  expected: `${none} phases without a rollback step, or whose step leaves users on the candidate`,
  experiment,
  reason: thresholds.planGaps.reason,
  evaluate: (history) =>
    withoutGaps(history, rollbackGaps, (plans) => {
      const phases = plans.flatMap(({ phases: own }) => own);
      return `${phases.length} phases of ${plans.length} plans, each with a rollback step`;
    }),
});

export const hasRollbackTriggers = check({
  id: 'plan.has-rollback-triggers',
  title: 'Every plan says what turns the candidate back, and by when',
  expected: 'limits of the error rate, the average latency, the P95, the availability and OOM kills; over within 5 min',
  experiment,
  reason: `${thresholds.rollbackLatency.reason} ${thresholds.modelRollback.reason}`,
  evaluate: (history) =>
    withoutGaps(history, triggerGaps, ([plan]) => {
      const limitMs = plan?.rollback.limitMs ?? 0;
      return `${TRIGGERS.join(', ')}, or an operator; over within ${planned(limitMs)}`;
    }),
});

const SLO_METRICS: readonly (typeof metrics)[number][] = ['p95', 'p99', 'error-rate', 'availability', 'oom-kills'];
const TRIGGERS: readonly (typeof metrics)[number][] = [
  'error-rate',
  'average-latency',
  'p95',
  'availability',
  'oom-kills',
];

function limitsOf({ phases }: Plan): string[] {
  return phases.flatMap(({ expectations }) => expectations.map(({ metric }) => metric));
}

function timeGaps({ phases, totals, trialFactor }: Plan): string[] {
  const plannedSum = sum(phases.map(({ plannedMs }) => plannedMs));
  const dwells = phases.filter(({ dwell }) => dwell);
  return [
    ...phases.flatMap((phase, index) => {
      const end = sum(phases.slice(0, index).map(({ plannedMs }) => plannedMs));
      return phase.startMs === end
        ? []
        : [`${phaseName(phase)} begins at ${planned(phase.startMs)} instead of ${planned(end)}`];
    }),
    // A dwell time is rounded to a millisecond.
    ...dwells
      .filter(({ plannedMs, trialMs }) => Math.abs(trialMs - plannedMs * trialFactor) > 1)
      .map(
        (phase) =>
          `${phaseName(phase)} dwells ${planned(phase.trialMs)} in a trial, which is not ${planned(phase.plannedMs)} × ${trialFactor}`,
      ),
    ...wrongTotal('the total', totals.plannedMs, plannedSum),
    ...wrongTotal('the dwell time', totals.dwellMs, sum(dwells.map(({ plannedMs }) => plannedMs))),
    ...wrongTotal('the dwell time in a trial', totals.trialDwellMs, sum(dwells.map(({ trialMs }) => trialMs))),
    ...wrongTotal('the time in a trial', totals.trialMs, sum(phases.map(({ trialMs }) => trialMs))),
  ];
}

function wrongTotal(name: string, told: number, right: number): string[] {
  return told === right ? [] : [`${name} is ${planned(told)}, and the phases add up to ${planned(right)}`];
}

function timesOf({ strategy, phases, totals, trialFactor }: Plan): string {
  const parts = phases.map(({ plannedMs }) => plannedMs / 60_000).join(' + ');
  const trial =
    totals.dwellMs === 0 ? '' : `; in a trial ${planned(totals.trialDwellMs)} of dwell time (× ${trialFactor})`;
  return `${strategyName(strategy)} ${parts} = ${planned(totals.plannedMs)}${trial}`;
}

function shareGaps({ phases }: Plan): string[] {
  const last = phases.at(-1);
  return [
    ...phases.flatMap((phase, index) => {
      const before = phases[index - 1]?.candidateShare ?? 0;
      return phase.candidateShare >= before ? [] : [`${phaseName(phase)} takes the candidate from users again`];
    }),
    ...(last?.candidateShare === 100 ? [] : ['users are left on the stable version at the end']),
  ];
}

function sharesOf(phases: readonly Phase[]): number[] {
  return [...new Set(phases.map(({ candidateShare }) => Math.round(candidateShare)))];
}

function rollbackGaps({ phases }: Plan): string[] {
  return phases.flatMap((phase) => {
    const { text, actions } = phase.rollback;
    if (text === '' || actions.length === 0) return [`${phaseName(phase)} has no rollback step`];
    const leavesUsers = phase.candidateShare > 0 && !actions.some(bringsUsersBack);
    return leavesUsers ? [`the rollback step of ${phaseName(phase)} leaves users on the candidate`] : [];
  });
}

function bringsUsersBack(action: PlanAction): boolean {
  if (action.type === 'switch' || action.type === 'update-pod') return action.to === 'stable';
  return (action.type === 'weight' || action.type === 'split') && action.candidate === 0;
}

function triggerGaps({ rollback: { triggers, limitMs } }: Plan): string[] {
  const missing = TRIGGERS.filter((metric) => !triggers.some((trigger) => trigger.metric === metric));
  return [
    ...missing.map((metric) => `${metric} turns nothing back`),
    ...(limitMs <= thresholds.modelRollback.value ? [] : [`a rollback may take ${planned(limitMs)}`]),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
