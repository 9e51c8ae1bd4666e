import { test } from '../../../fixtures/test.ts';

test('Planning: Prepare rollback plan', { tag: '@static' }, async ({ experiment, judge }) => {
  await experiment('model.plan');
  await judge('planning-rollback');
});
