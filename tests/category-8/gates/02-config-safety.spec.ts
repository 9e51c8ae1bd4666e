import { test } from '../../../fixtures/test.ts';
import { configurationChanges } from '../../../helpers/verdict/changes.ts';

test(
  'Gate: Config safety: gateway configuration changes are zero-downtime',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    for (const change of configurationChanges) await experiment(change);
    await judge('gate-config-safety');
  },
);
