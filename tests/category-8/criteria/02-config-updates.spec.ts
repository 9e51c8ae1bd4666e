import { test } from '../../../fixtures/test.ts';
import { everyChange } from '../../../helpers/verdict/changes.ts';

test(
  'Criterion 2: Zero-downtime configuration updates, gateway and policy changes do not interrupt in-flight calls',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    for (const change of everyChange) await experiment(change);
    await judge('criterion-2');
  },
);
