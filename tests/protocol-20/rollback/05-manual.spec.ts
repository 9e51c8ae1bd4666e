import { test } from '../../../fixtures/test.ts';

test('Rollback: Manual: Operator-initiated rollback', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-manual');
});
