import { test } from '../../../fixtures/test.ts';

test(
  'Gate: Dedicated SE: a dedicated solutions engineer is available and responsive during the pilot',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('support.facts');
    await judge('gate-dedicated-se');
  },
);
