import { test } from '../../../fixtures/test.ts';

test('Strategy: Standard updates -> Rolling', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await judge('strategy-rolling');
});
