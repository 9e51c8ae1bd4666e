import { test } from '../../../fixtures/test.ts';

test('Scaling: kind: HorizontalPodAutoscaler', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.autoscaling');
  await judge('scaling-autoscaler');
});
