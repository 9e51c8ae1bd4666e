import { test } from '../../../fixtures/test.ts';

test('Health: Check average response time.', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.health');
  await judge('health-response-time');
});
