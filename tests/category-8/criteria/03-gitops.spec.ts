import { test } from '../../../fixtures/test.ts';

test(
  'Criterion 3: GitOps-compatible, gateway, server, and policy configuration is expressible as code',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('gitops.static');
    await experiment('gitops.deploy');
    await experiment('gitops.faults');
    await judge('criterion-3');
  },
);
