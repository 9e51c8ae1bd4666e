import { test } from '../../../fixtures/test.ts';

test('Success: Rollback Time: <5 minutes if needed', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('success-rollback-time');
});
