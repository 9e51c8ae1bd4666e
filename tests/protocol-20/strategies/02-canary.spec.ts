import { test } from '../../../fixtures/test.ts';

test('Strategy: Gradual rollout -> Canary', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.canary');
  await judge('strategy-canary');
});
