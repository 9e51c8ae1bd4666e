import { test } from '../../../fixtures/test.ts';

test('Planning: Assess deployment requirements', { tag: '@static' }, async ({ experiment, judge }) => {
  await experiment('model.plan');
  await judge('planning-requirements');
});
