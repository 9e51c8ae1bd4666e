import { test } from '../../../fixtures/test.ts';

test('Success: Error Rate: <1% of requests', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('success-error-rate');
});
