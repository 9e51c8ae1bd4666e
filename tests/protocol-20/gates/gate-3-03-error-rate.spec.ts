import { test } from '../../../fixtures/test.ts';

test('Gate 3: Error rate <1%', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('gate-3-error-rate');
});
