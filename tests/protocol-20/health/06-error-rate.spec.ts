import { test } from '../../../fixtures/test.ts';

test('Health: Check error rate.', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.health');
  await judge('health-error-rate');
});
