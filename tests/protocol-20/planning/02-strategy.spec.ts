import { test } from '../../../fixtures/test.ts';

test('Planning: Select deployment strategy', { tag: '@static' }, async ({ experiment, judge }) => {
  await experiment('model.plan');
  await judge('planning-strategy');
});
