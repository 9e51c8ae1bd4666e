import { test } from '../../../fixtures/test.ts';

test('Gate: Rollback: prior configuration can be restored cleanly', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('config.helm-rollback');
  await experiment('config.api-rollback');
  await experiment('gitops.deploy');
  await judge('gate-rollback');
});
