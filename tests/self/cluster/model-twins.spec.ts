import { join } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { modelPitfalls as experiment } from '../../../helpers/experiments/pitfalls/experiment.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import type { ModelTarget } from '../../../helpers/target/model/schema.ts';
import { modelPitfalls } from '../../../helpers/verdict/checks/index.ts';
import { judged } from './judged.ts';

const bundled = loadModel(join(import.meta.dirname, '../../../fixtures/targets/fastapi-iris'));
const { resources, healthChecks, env } = bundled;

/** The bundled target with one deliberate defect, and what it must be found by. */
const twins: [name: string, defect: Partial<ModelTarget>, found: Record<string, RegExp>][] = [
  [
    'out-of-memory',
    {
      resources: {
        requests: { ...resources.requests, memory: '48Mi' },
        limits: { ...resources.limits, memory: '48Mi' },
      },
    },
    { 'load-within-limits': /^fail: .*killed for its memory/ },
  ],
  [
    'throttled',
    {
      resources: { requests: { ...resources.requests, cpu: '100m' }, limits: { ...resources.limits, cpu: '100m' } },
      // It starts slowly too, which is not what is to be found here.
      healthChecks: { ...healthChecks, liveness: { ...healthChecks.liveness, initialDelaySeconds: 120 } },
    },
    { 'load-within-limits': /^fail: .*CPU periods throttled \d\d/ },
  ],
  [
    'ready-too-early',
    {
      env: { ...env, LOAD_DELAY_S: '10' },
      healthChecks: { ...healthChecks, readiness: { ...healthChecks.readiness, ...{ path: '/health' } } },
    },
    { 'warm-when-ready': /^fail: .*calls failed.*503/ },
  ],
];

test.describe('Broken twins of pitfalls', { tag: '@full' }, () => {
  for (const [name, defect, found] of twins)
    test(`should turn red for a model that is ${name}`, async ({
      run,
      cluster,
      options: { cacheFolder },
      redactor,
      progress,
    }, testInfo) => {
      const target = { ...bundled, name: `iris-${name}`, ...defect };
      const tools = { run, target, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
      const checks = await judged(experiment, Object.values(modelPitfalls), tools);
      const seen = new Map(checks.map(({ id, verdict, seen: what }) => [id, `${verdict}: ${what}`]));
      for (const [check, pattern] of Object.entries(found)) expect(seen.get(`pitfalls.${check}`)).toMatch(pattern);
    });
});
