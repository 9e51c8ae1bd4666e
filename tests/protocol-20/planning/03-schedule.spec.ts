import { test } from '../../../fixtures/test.ts';

test('Planning: Plan rollout schedule', { tag: '@static' }, async ({ experiment, judge }) => {
  await experiment('model.plan');
  await judge('planning-schedule');
});
