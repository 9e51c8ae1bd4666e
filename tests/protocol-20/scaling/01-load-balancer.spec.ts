import { test } from '../../../fixtures/test.ts';

test('Scaling: Load Balancer Configuration', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.autoscaling');
  await judge('scaling-load-balancer');
});
