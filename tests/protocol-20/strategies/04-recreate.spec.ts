import { test } from '../../../fixtures/test.ts';

test('Strategy: Fast deployment -> Recreate', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.recreate');
  await judge('strategy-recreate');
});
