import { test } from '../../../fixtures/test.ts';

test('Success: Response Time: P95 <500ms, P99 <1s', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('success-response-time');
});
