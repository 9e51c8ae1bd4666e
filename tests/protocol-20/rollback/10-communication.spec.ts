import { test } from '../../../fixtures/test.ts';

test('Rollback: Communication', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('rollback.triggers');
  await judge('rollback-communication');
});
