import { test } from '../../../fixtures/test.ts';

test('Strategy: Gradual rollout -> Canary', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.canary');
  await experiment('strategy.canary.argo-rollouts');
  await judge('strategy-canary');
});
