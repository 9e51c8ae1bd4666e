import { join } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { publishImages } from '../../../helpers/experiments/images.ts';
import { modelPitfalls as experiment } from '../../../helpers/experiments/pitfalls/experiment.ts';
import { runExperiment } from '../../../helpers/experiments/runner.ts';
import type { RunnerOptions } from '../../../helpers/experiments/runner.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import type { ModelTarget } from '../../../helpers/target/model/schema.ts';
import { modelPitfalls } from '../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../helpers/verdict/evaluate.ts';

const bundled = loadModel(join(import.meta.dirname, '../../../fixtures/targets/fastapi-iris'));
const { resources, healthChecks, env } = bundled;

interface Tools extends Pick<RunnerOptions, 'run' | 'redactor' | 'progress'> {
  cluster: ClusterAccess;
  cacheFolder: string;
}

/** Runs the experiment on a twin, and judges all checks on it. */
async function judged(target: ModelTarget, { run, cluster, cacheFolder, redactor, progress }: Tools) {
  const history = await runExperiment(experiment, {
    run,
    target,
    redactor,
    progress,
    signal: new AbortController().signal,
    cluster: () => Promise.resolve(cluster),
    ensureParts: (access) => Promise.resolve(access),
    helm: () => Promise.resolve(cluster.helm),
    images: (access) => publishImages(target, { run, cluster: access, cacheFolder, progress }),
  });
  const item = { id: 'pitfalls', kind: 'gate', text: '', checks: Object.values(modelPitfalls) } as const;
  const { checks } = evaluateItem(item, new Map([[experiment.id, history]]), { notApplicable: {} });
  return Object.fromEntries(
    checks.map(({ id, verdict, seen }) => [id.replace('pitfalls.', ''), `${verdict}: ${seen}`]),
  );
}

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
      const tools = { run: { ...run, folder: testInfo.outputPath('run') }, cluster, cacheFolder, redactor, progress };
      const seen = await judged({ ...bundled, name: `iris-${name}`, ...defect }, tools);
      for (const [check, pattern] of Object.entries(found)) expect(seen[check]).toMatch(pattern);
    });
});
