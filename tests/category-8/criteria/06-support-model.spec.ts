import { test } from '../../../fixtures/test.ts';

test(
  'Criterion 6: Vendor support model during the pilot: dedicated solutions engineer, response SLA',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('support.facts');
    await judge('criterion-6');
  },
);
