import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { prepareRelease } from '../../../../helpers/experiments/releases.ts';
import { Helm } from '../../../../helpers/helm/helm.ts';
import { makeTwin } from '../make.ts';
import { liveTwins } from './twins.ts';

test.describe('Broken twins for a cluster', { tag: '@static' }, () => {
  for (const twin of liveTwins)
    test(`should be deployable with their defect: ${twin.name}`, async ({}, testInfo) => {
      const target = makeTwin(twin, testInfo.outputPath('targets'));
      expect(target.name).toBe(twin.name);
      if (target.kind !== 'McpGateway' || !twin.patches.some(({ file }) => file.startsWith('charts/'))) return;
      const binary = await findHelm({ cacheFolder: loadOptions().cacheFolder, progress: () => undefined });
      const helm = new Helm({ binary, home: join(testInfo.outputPath(), 'helm') });
      const images = Object.fromEntries(
        target.images.map(({ name }) => [name, { repository: `registry.invalid/${name}`, tag: 'trial' }]),
      );
      for (const release of target.releases) {
        const prepared = await prepareRelease(helm, target, release, { images, namespace: 'trial' });
        expect(await helm.template(prepared, '1.36')).toContain('kind: Deployment');
      }
    });
});
