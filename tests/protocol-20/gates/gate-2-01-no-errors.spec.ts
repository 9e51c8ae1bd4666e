import { test } from '../../../fixtures/test.ts';

test('Gate 2: Deployment completed without errors', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('strategy.rolling');
  await experiment('strategy.blue-green');
  await experiment('deliverables.rolling');
  await experiment('deliverables.recreate');
  await experiment('deliverables.blue-green');
  await judge('gate-2-no-errors');
});
