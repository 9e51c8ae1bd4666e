import { test } from '../../../fixtures/test.ts';

test(
  'Criterion 1: Helm chart available and documented for self-hosted server deployment in Kubernetes',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('chart.static');
    await experiment('chart.lifecycle');
    await experiment('worker.protocol');
    await judge('criterion-1');
  },
);
