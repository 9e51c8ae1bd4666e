import { test } from '../../../fixtures/test.ts';

test('Strategy: High-risk changes -> Blue-Green', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.blue-green');
  await experiment('strategy.blue-green.argo-rollouts');
  await judge('strategy-blue-green');
});
