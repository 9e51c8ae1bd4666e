import { test } from '../../../fixtures/test.ts';

test('Criterion 5: Runbooks for common failure scenarios', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('runbooks.static');
  await experiment('failures.pods');
  await experiment('failures.dependencies');
  await experiment('failures.nodes');
  await judge('criterion-5');
});
