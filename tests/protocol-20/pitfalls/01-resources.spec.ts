import { test } from '../../../fixtures/test.ts';

test(
  'Pitfall: Load test before production and set appropriate resource limits',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('model.pitfalls');
    await judge('pitfall-resources');
  },
);
