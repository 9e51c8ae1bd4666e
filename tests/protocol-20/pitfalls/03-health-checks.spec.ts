import { test } from '../../../fixtures/test.ts';

test(
  'Pitfall: Implement comprehensive health and readiness probes',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('model.review');
    await experiment('model.health');
    await judge('pitfall-health-checks');
  },
);
