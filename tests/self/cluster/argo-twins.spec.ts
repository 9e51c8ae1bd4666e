import { join } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { argoExperiments } from '../../../helpers/experiments/argo/experiment.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import { argoChecks } from '../../../helpers/verdict/checks/index.ts';
import { judged } from './judged.ts';
import { withParts } from './web.ts';

const bundled = loadModel(join(import.meta.dirname, '../../../fixtures/targets/fastapi-iris'));
const experiment = argoExperiments.find(({ id }) => id === 'strategy.blue-green.argo-rollouts');

test.describe('Broken twins of Argo Rollouts', { tag: '@full' }, () => {
  test('should turn red for a model whose analysis lets everything through', async ({
    run,
    cluster,
    options,
    redactor,
    progress,
  }, testInfo) => {
    if (experiment === undefined) throw new Error('there is no such experiment');
    const { cacheFolder } = options;
    // Every request may fail before the analysis says no.
    const target = { ...bundled, name: 'iris-let-through', rollbackThreshold: 1 };
    await withParts(experiment.needs, { cluster, options }, async (access) => {
      const folder = testInfo.outputPath('run');
      const tools = { run, target, cluster: access, cacheFolder, redactor, progress, folder };
      const checks = await judged(experiment, argoChecks.blue_green, tools);
      const seen = (check: string) => checks.find(({ id }) => id === `${experiment.id}.${check}`);
      expect(seen('bad-version-turned-back')).toMatchObject({
        verdict: 'fail',
        seen: expect.stringMatching(/^v2-failing \(failing\) was not turned back: completed/),
      });
      expect(seen('completed')).toMatchObject({ verdict: 'pass' });
    });
  });
});
