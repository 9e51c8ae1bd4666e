import { test } from '../../../fixtures/test.ts';

test(
  'Benchmark 2: Update a gateway configuration (add a tool), in-flight calls are not dropped',
  { tag: '@full' },
  async ({ experiment, judge }) => {
    await experiment('config.add-tool');
    await judge('benchmark-2');
  },
);
