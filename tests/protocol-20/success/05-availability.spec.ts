import { test } from '../../../fixtures/test.ts';

test('Success: Availability: >99.9% uptime', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('success-availability');
});
