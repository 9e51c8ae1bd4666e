import { test } from '../../../fixtures/test.ts';

test(
  'Gate: Helm deployment: full Kubernetes deployment via Helm chart in under 1 day',
  { tag: '@smoke' },
  async ({ experiment, judge }) => {
    await experiment('first-tool-call');
    await judge('gate-helm-deployment');
  },
);
