import { test } from '../../../fixtures/test.ts';

test('Health: Comprehensive health check.', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.health');
  await judge('health-overall');
});
