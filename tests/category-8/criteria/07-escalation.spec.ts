import { test } from '../../../fixtures/test.ts';

test(
  'Criterion 7: P0/P1 escalation path after the pilot, in production',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('support.facts');
    await judge('criterion-7');
  },
);
