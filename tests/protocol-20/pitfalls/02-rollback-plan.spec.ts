import { test } from '../../../fixtures/test.ts';

test(
  'Pitfall: Always prepare and test rollback procedures before deployment',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('model.review');
    await experiment('strategy.rolling');
    await experiment('strategy.blue-green');
    await judge('pitfall-rollback-plan');
  },
);
