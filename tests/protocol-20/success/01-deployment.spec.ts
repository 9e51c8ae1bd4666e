import { test } from '../../../fixtures/test.ts';

test('Success: Deployment Success: 100% of pods running and ready', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('success-deployment');
});
