import { test } from '../../../fixtures/test.ts';

test('Rollback: Validation Steps', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-validation');
});
