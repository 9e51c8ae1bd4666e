import { test } from '../../../fixtures/test.ts';

test('Rollback: Blue-Green Rollback', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.blue-green');
  await judge('rollback-blue-green');
});
