import { test } from '../../../fixtures/test.ts';

test('Health: Check if model is loaded.', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.health');
  await judge('health-model-loaded');
});
