import { expect, test } from '@playwright/test';
import { staticTwins } from './twins.ts';
import { runStatic } from './run.ts';

test.describe('Broken twins without a cluster', { tag: '@static' }, () => {
  for (const twin of staticTwins)
    test(`should turn exactly ${Object.keys(twin.red).join(', ')} red: ${twin.defect}`, async ({}, testInfo) => {
      expect((await runStatic(twin, testInfo.outputPath())).deviations).toEqual([]);
    });
});
