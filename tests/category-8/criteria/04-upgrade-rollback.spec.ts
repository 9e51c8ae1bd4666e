import { test } from '../../../fixtures/test.ts';

test(
  'Criterion 4: Upgrade and rollback process is documented and tested',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('upgrade.documents');
    await experiment('upgrade.path');
    await experiment('upgrade.bad-image');
    await experiment('upgrade.failing-migration');
    await experiment('upgrade.never-ready');
    await judge('criterion-4');
  },
);
