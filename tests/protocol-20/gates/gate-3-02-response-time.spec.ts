import { test } from '../../../fixtures/test.ts';

test('Gate 3: Response time <500ms (P95)', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await judge('gate-3-response-time');
});
