import { test } from '../../../fixtures/test.ts';

test('Gate 1: Resource requirements verified', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('gate-1-resources');
});
