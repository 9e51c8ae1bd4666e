import { planned } from '../../../planning/text.ts';
import { CANDIDATE } from '../../../rollout/facts.ts';
import { answerableBy, figuresOf } from '../../../traffic/analysis/figures.ts';
import type { Figures } from '../../../traffic/analysis/figures.ts';
import { describeLatency, sampleFloor } from '../../../traffic/analysis/latency.ts';
import { check, fail, inconclusive, pass } from '../../finding.ts';
import { exposureOf, watchingRollout } from '../../rollouts.ts';
import type { RolledOut } from '../../rollouts.ts';
import { thresholds } from '../../thresholds.ts';
import type { Check, Finding } from '../../types.ts';

/** What users got: the checks that read the traffic of an experiment of a strategy. */
export function figureChecks(experiment: string) {
  const id = (name: string) => `${experiment}.gate.${name}`;
  const figures =
    (find: (figures: Figures, rollout: RolledOut) => Finding): Check['evaluate'] =>
    (history) =>
      watchingRollout(history, CANDIDATE, (rollout, { calls }) => find(figuresOf(calls), rollout));
  const ofCandidate =
    (find: (figures: Figures, rollout: RolledOut) => Finding): Check['evaluate'] =>
    (history) =>
      watchingRollout(history, CANDIDATE, (rollout, { calls }) =>
        find(figuresOf(answerableBy(calls, rollout.to)), rollout),
      );
  return {
    responseTime: check({
      id: id('response-time'),
      title: 'The new version answers in time: P95 and P99',
      expected: `P95 below ${String(thresholds.modelP95.value)} ms and P99 below ${String(thresholds.modelP99.value)} ms, or less where the target declares less`,
      experiment,
      reason: thresholds.modelP95.reason,
      evaluate: ofCandidate(({ latency }, { plan, evidence }) => {
        const limit = (metric: 'p95' | 'p99', threshold: number) => limitIn(plan, metric) ?? threshold;
        const seen = describeLatency(latency);
        if (latency.p95 === undefined || latency.p99 === undefined) return inconclusive(`not enough calls: ${seen}`);
        const well =
          latency.p95 < limit('p95', thresholds.modelP95.value) &&
          latency.p99 < limit('p99', thresholds.modelP99.value);
        return well ? pass(seen, evidence) : fail(seen, evidence);
      }),
    }),
    errorRate: check({
      id: id('error-rate'),
      title: 'Hardly a request fails',
      expected: `error rate of the new version below ${String(thresholds.modelErrorRate.value * 100)} %, with ${String(sampleFloor(99))} calls or more behind it`,
      experiment,
      reason: thresholds.modelErrorRate.reason,
      evaluate: ofCandidate(({ errorRate = 0, calls, lost }, { plan, evidence }) => {
        const seen = `${String(lost)} of ${String(calls)} calls lost (${(errorRate * 100).toFixed(2)} %)`;
        if (calls < sampleFloor(99)) return inconclusive(`not enough calls: ${seen}`);
        const limit = limitIn(plan, 'error-rate') ?? thresholds.modelErrorRate.value;
        return errorRate < limit ? pass(seen, evidence) : fail(seen, evidence);
      }),
    }),
    zeroDowntime: check({
      id: id('zero-downtime'),
      title: 'Nobody notices the deployment',
      expected: `${String(thresholds.callsLost.value)} calls lost, whoever answered`,
      experiment,
      reason: thresholds.callsLost.reason,
      evaluate: figures(({ calls, lost }, { evidence }) => {
        const seen = `${String(lost)} of ${String(calls)} calls lost`;
        return lost <= thresholds.callsLost.value ? pass(seen, evidence) : fail(seen, evidence);
      }),
    }),
    availability: check({
      id: id('availability'),
      title: 'The model answers all the time',
      expected: `answered in more than ${String(thresholds.modelAvailability.value * 100)} % of the time, with ${String(sampleFloor(100 * thresholds.modelAvailability.value))} calls or more behind it`,
      experiment,
      reason: thresholds.modelAvailability.reason,
      evaluate: figures(({ availability, calls }, { evidence, plan }) => {
        const floor = sampleFloor(100 * thresholds.modelAvailability.value);
        if (availability === undefined || calls < floor)
          return inconclusive(`${String(calls)} calls are too few to claim that: ${String(floor)} are needed`);
        const seen = `${(availability * 100).toFixed(3)} % of the time, ${String(calls)} calls`;
        return availability > (limitIn(plan, 'availability') ?? thresholds.modelAvailability.value)
          ? pass(seen, evidence)
          : fail(seen, evidence);
      }),
    }),
    rollbackTime: check({
      id: id('rollback-time'),
      title: 'A rollback is over in time',
      expected: `from the first answer of a bad version to the last one in less than ${planned(thresholds.modelRollback.value)}`,
      experiment,
      reason: thresholds.modelRollback.reason,
      evaluate: (history) =>
        watchingRollout(history, 'bad', (rollout, { calls }) => {
          const exposure = exposureOf(calls, rollout);
          const { plan, outcome, evidence } = rollout;
          if (outcome.result !== 'rolled-back')
            return fail(`the bad version was not turned back: ${outcome.result}`, evidence);
          if (exposure === undefined)
            return inconclusive('no user met the bad version, so there was nothing to be quick about');
          const seen = `${(exposure.ms / 1000).toFixed(1)} s`;
          return exposure.ms < plan.rollback.limitMs ? pass(seen, evidence) : fail(seen, evidence);
        }),
    }),
  };
}

function limitIn(plan: RolledOut['plan'], metric: 'p95' | 'p99' | 'error-rate' | 'availability'): number | undefined {
  return plan.phases.flatMap(({ expectations }) => expectations).find((limit) => limit.metric === metric)?.value;
}
