import { test } from '../../../fixtures/test.ts';

test('Planning: Define success criteria', { tag: '@static' }, async ({ experiment, judge }) => {
  await experiment('model.plan');
  await judge('planning-success-criteria');
});
