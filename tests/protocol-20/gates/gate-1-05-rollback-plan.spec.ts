import { test } from '../../../fixtures/test.ts';

test('Gate 1: Rollback plan documented', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.review');
  await experiment('deliverables.rolling');
  await experiment('deliverables.recreate');
  await experiment('deliverables.blue-green');
  await judge('gate-1-rollback-plan');
});
