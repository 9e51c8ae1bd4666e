import { test } from '../../../fixtures/test.ts';

test('Gate 3: Monitoring alerts configured', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.alerts');
  await judge('gate-3-alerts');
});
