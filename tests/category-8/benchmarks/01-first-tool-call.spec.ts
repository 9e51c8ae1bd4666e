import { test } from '../../../fixtures/test.ts';

test(
  'Benchmark 1: Deploy a self-hosted custom server to a Kubernetes namespace via Helm chart, first successful tool call in under 1 day',
  { tag: '@smoke' },
  async ({ experiment, judge }) => {
    await experiment('first-tool-call');
    await judge('benchmark-1');
  },
);
