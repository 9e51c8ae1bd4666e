import { test } from '../../../fixtures/test.ts';

test(
  'Benchmark 3: Simulate a configuration rollback, it completes cleanly and the prior configuration is restored',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('config.helm-rollback');
    await experiment('config.api-rollback');
    await experiment('gitops.deploy');
    await judge('benchmark-3');
  },
);
