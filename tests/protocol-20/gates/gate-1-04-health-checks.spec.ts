import { test } from '../../../fixtures/test.ts';

test('Gate 1: Health checks configured', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.review');
  await judge('gate-1-health-checks');
});
