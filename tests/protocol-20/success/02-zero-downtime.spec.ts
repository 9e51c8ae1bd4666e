import { test } from '../../../fixtures/test.ts';

test(
  'Success: Zero Downtime: No service interruption during deployment',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('strategy.rolling');
    await experiment('strategy.blue-green');
    await judge('success-zero-downtime');
  },
);
