import { test } from '../../../fixtures/test.ts';

test('Rollback: Rolling Deployment Rollback', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await judge('rollback-rolling');
});
