import { test } from '../../../fixtures/test.ts';

test('Strategy: A_B_TEST = "a_b_test"', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.a-b-test');
  await judge('strategy-a-b-test');
});
