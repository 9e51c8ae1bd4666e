import { test } from '../../../fixtures/test.ts';

test('Pitfall: Use readiness probes and warm-up periods', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.pitfalls');
  await judge('pitfall-cold-start');
});
