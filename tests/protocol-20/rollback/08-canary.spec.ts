import { test } from '../../../fixtures/test.ts';

test('Rollback: Canary Rollback', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('deliverables.canary');
  await judge('rollback-canary');
});
