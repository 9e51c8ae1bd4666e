import { expect, test } from '@playwright/test';
import { canarySteps } from '../../../../helpers/deliverables/argo/steps.ts';
import { trialRollout } from '../../../../helpers/deliverables/argo/timing.ts';
import { numbersIn, turnedBackBy } from '../../../../helpers/experiments/argo/analysis.ts';
import { isOver, progressOf } from '../../../../helpers/experiments/argo/progress.ts';
import type { Rollout } from '../../../../helpers/kubernetes/argo.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { model } from '../target/model.ts';
import { analysis } from '../verdict/strategy-history.ts';

const declared = model({ trialFactor: 0.02 });
const [canary, blueGreen] = [planFor(declared, 'canary'), planFor(declared, 'blue_green')];
const { steps, ends } = canarySteps(declared, canary, { timing: trialRollout, tested: true });

function rollout(status: NonNullable<Rollout['status']>, generation = 4): Rollout {
  return {
    metadata: { name: 'model', generation },
    status: { observedGeneration: '4', currentPodHash: 'new', stableRS: 'old', ...status },
  };
}

/** Names of the phases that are over. */
function over(plan: typeof canary, status: NonNullable<Rollout['status']>, generation?: number): string[] {
  const progress = progressOf(rollout(status, generation));
  return plan.phases.filter((phase) => isOver(plan, phase, ends, progress)).map(({ name }) => name);
}

test.describe('How far Argo Rollouts is', { tag: '@static' }, () => {
  test('should be told by the steps of a canary that are done', () => {
    expect(over(canary, { currentStepIndex: 0 })).toEqual([]);
    expect(over(canary, { currentStepIndex: 2 })).toEqual([]);
    expect(over(canary, { currentStepIndex: 3 })).toEqual(['Deploy Canary 10%']);
    expect(over(canary, { currentStepIndex: 5 })).toEqual(['Deploy Canary 10%', 'Monitor 10%']);
    const all = canary.phases.map(({ name }) => name);
    expect(over(canary, { currentStepIndex: steps.length })).toEqual(all.slice(0, -1));
    expect(over(canary, { currentStepIndex: steps.length, stableRS: 'new', phase: 'Healthy' })).toEqual(all);
  });

  test('should be told by whom blue-green sends users to', () => {
    const paused = { pauseConditions: [{ reason: 'BlueGreenPause' }] };
    const before = { activeSelector: 'old', previewSelector: 'new' };
    const after = { activeSelector: 'new', previewSelector: 'new' };
    expect(over(blueGreen, { blueGreen: before })).toEqual([]);
    expect(over(blueGreen, { blueGreen: before, ...paused })).toEqual(['Deploy Green']);
    const analysed = { ...before, prePromotionAnalysisRunStatus: { name: 'model-6c7d8f9b44-2-pre' } };
    expect(over(blueGreen, { blueGreen: analysed })).toEqual(['Deploy Green']);
    expect(over(blueGreen, { blueGreen: after })).toEqual(['Deploy Green', 'Test Green', 'Switch Traffic']);
    expect(over(blueGreen, { blueGreen: after, stableRS: 'new' })).toHaveLength(4);
    expect(over(blueGreen, { blueGreen: after, stableRS: 'new', phase: 'Healthy' })).toHaveLength(5);
  });

  test('should not be read from a status that is about what was asked for before', () => {
    const done = { currentStepIndex: steps.length, stableRS: 'new', phase: 'Healthy' as const, abort: true };
    expect(over(canary, done, 5)).toEqual([]);
    expect(progressOf(rollout(done, 5))).toMatchObject({ begun: false, healthy: false });
    expect(progressOf(rollout(done, 5)).aborted).toBeUndefined();
    expect(progressOf({ metadata: { name: 'model', generation: 1 } })).toMatchObject({ begun: false, step: 0 });
  });

  test('should tell that a candidate was turned back, and when users are back', () => {
    const abort = { abort: true, message: 'metric "error-rate" assessed Failed' };
    const weights = (weight: number) => ({ canary: { weights: { canary: { weight } } } });
    expect(progressOf(rollout({ ...abort, ...weights(10) }))).toMatchObject({ aborted: abort.message, back: false });
    expect(progressOf(rollout({ ...abort, ...weights(0) })).back).toBe(true);
    expect(progressOf(rollout({ ...abort, blueGreen: { activeSelector: 'new' } })).back).toBe(false);
    expect(progressOf(rollout({ ...abort, blueGreen: { activeSelector: 'old' } })).back).toBe(true);
  });
});

test.describe('What an analysis has measured', { tag: '@static' }, () => {
  test('should be read as Argo Rollouts writes what Prometheus answers', () => {
    expect(numbersIn('[0.3331]')).toEqual([0.3331]);
    expect(numbersIn('[1 2.5e-05]')).toEqual([1, 2.5e-5]);
    for (const nothing of ['[]', '', 'true', '[NaN]', undefined]) expect(numbersIn(nothing)).toEqual([]);
  });

  test('should turn a version back by the triggers that failed, in the unit of each', () => {
    const failed = analysis().map((run) => ({
      ...run,
      metrics: run.metrics.map((metric) =>
        metric.name === 'p95' || metric.name === 'error-rate' ? { ...metric, failed: 1, reached: [1.2] } : metric,
      ),
    }));
    const turned = turnedBackBy(canary, failed, { at: 7, message: 'why', calls: 80 });
    expect(turned).toMatchObject({ at: 7, by: 'trigger', reason: 'why' });
    expect(turned.reached.map(({ limit, seen, samples }) => [limit.metric, seen, samples])).toEqual([
      ['error-rate', 1.2, 80],
      ['p95', 1200, 80],
    ]);
  });

  test('should not be called a trigger when none was reached: pods that do not get ready, an analysis that breaks', () => {
    expect(turnedBackBy(canary, analysis(), { at: 7, message: 'not ready', calls: 0 })).toEqual({
      at: 7,
      by: 'failure',
      reason: 'not ready',
      reached: [],
    });
  });
});
