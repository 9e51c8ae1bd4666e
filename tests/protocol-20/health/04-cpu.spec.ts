import { test } from '../../../fixtures/test.ts';

test('Health: Check CPU usage.', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.health');
  await judge('health-cpu');
});
