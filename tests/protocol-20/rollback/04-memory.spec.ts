import { test } from '../../../fixtures/test.ts';

test('Rollback: Memory: OOM errors detected', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-memory');
});
