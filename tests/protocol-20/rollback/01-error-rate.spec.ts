import { test } from '../../../fixtures/test.ts';

test('Rollback: Error Rate: >5% of requests failing', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-error-rate');
});
