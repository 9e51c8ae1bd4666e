import { test } from '../../../fixtures/test.ts';

test('Rollback: Latency: P95 latency >1 second', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-latency');
});
