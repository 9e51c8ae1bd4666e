import { join } from 'node:path';
import { expect, test } from '../../../../fixtures/test.ts';
import { ensureParts } from '../../../../helpers/cluster/ensure.ts';
import { experimentById } from '../../../../helpers/experiments/experiments.ts';
import type { CheckResult } from '../../../../helpers/verdict/types.ts';
import { judged } from '../../cluster/judged.ts';
import { checksOf, deviations, redOf } from '../judge.ts';
import { makeTwin } from '../make.ts';
import { recordSighting } from './seen.ts';
import { liveTwins } from './twins.ts';

/** `--update-snapshots` writes down in `seen.json` what was seen. */
const writesDown = ['all', 'changed'];

test.describe('Broken twins on a cluster', { tag: '@full' }, () => {
  for (const twin of liveTwins)
    test(`should find ${twin.name}: ${twin.defect}`, async ({
      run,
      cluster,
      options,
      redactor,
      progress,
    }, testInfo) => {
      const { experiment, target } = twin;
      const judge = (patches: typeof twin.patches, name: string, folder: string): Promise<CheckResult[]> =>
        judged(experimentById(experiment), checksOf(experiment), {
          run,
          target: makeTwin({ ...twin, patches, name }, testInfo.outputPath(name)),
          cluster,
          cacheFolder: options.cacheFolder,
          redactor,
          progress,
          folder,
          ensureParts: (access, parts) => ensureParts(access, parts, { options, progress }),
        });
      // Made once in a run, whoever comes first.
      const without = redOf(await judge([], target, join(run.folder, 'twins')));
      const found = redOf(await judge(twin.patches, twin.name, testInfo.outputPath('run')));
      expect(deviations(twin, found, without)).toEqual([]);
      if (!writesDown.includes(testInfo.config.updateSnapshots)) return;
      const red = [...found].map(([id, seen]) => [id, seen.startsWith('fail') ? 'fail' : 'inconclusive'] as const);
      recordSighting(twin, {
        date: new Date().toISOString().slice(0, 10),
        provider: cluster.provider,
        kubernetes: cluster.kubernetesVersion,
        red: Object.fromEntries(red),
      });
    });
});
