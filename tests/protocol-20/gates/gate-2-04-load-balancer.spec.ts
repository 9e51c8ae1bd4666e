import { test } from '../../../fixtures/test.ts';

test('Gate 2: Load balancer configured', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('gate-2-load-balancer');
});
