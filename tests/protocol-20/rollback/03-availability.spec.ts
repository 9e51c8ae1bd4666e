import { test } from '../../../fixtures/test.ts';

test('Rollback: Availability: <95% uptime', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-availability');
});
