import { test } from '../../../fixtures/test.ts';

test(
  'Benchmark 4: Stage a K8s namespace and confirm the Helm deployment matches the architecture recommended for production',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('architecture');
    await judge('benchmark-4');
  },
);
