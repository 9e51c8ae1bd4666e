import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { experimentById } from '../../../helpers/experiments/experiments.ts';
import { publishImages } from '../../../helpers/experiments/images.ts';
import { runExperiment } from '../../../helpers/experiments/runner.ts';
import type { RunnerOptions } from '../../../helpers/experiments/runner.ts';
import { loadTarget } from '../../../helpers/target/load.ts';
import type { Target } from '../../../helpers/target/schema.ts';
import { changes } from '../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../helpers/verdict/evaluate.ts';
import type { Check, ItemVerdict } from '../../../helpers/verdict/types.ts';

const bundled = join(import.meta.dirname, '../../../fixtures/targets/contextforge');

type Damage = readonly { file: string; from: string | RegExp; to: string }[];

/** The bundled target with deliberate defects in the chart of the gateway. */
function twin(name: string, folder: string, damage: Damage): Target {
  const target = loadTarget(bundled);
  const chart = join(folder, 'gateway');
  cpSync(join(bundled, 'charts/gateway'), chart, { recursive: true });
  for (const { file, from, to } of damage) {
    const text = readFileSync(join(chart, file), 'utf8');
    const broken = text.replace(from, to);
    expect(broken, `${file} has what is to be broken`).not.toBe(text);
    writeFileSync(join(chart, file), broken);
  }
  const path = relative(target.folder, chart);
  const releases = target.releases.map((release) =>
    release.name === 'gateway' ? { ...release, chart: { path } } : release,
  );
  return { ...target, name, releases };
}

interface Tools extends Pick<RunnerOptions, 'run' | 'redactor' | 'progress'> {
  cluster: ClusterAccess;
  cacheFolder: string;
  folder: string;
}

/** Runs one experiment on a twin and judges the checks on it. */
async function judged(
  target: Target,
  id: string,
  { run, cluster, cacheFolder, redactor, progress, folder }: Tools,
): Promise<ItemVerdict> {
  const history = await runExperiment(experimentById(id), {
    run: { ...run, folder },
    target,
    redactor,
    progress,
    signal: new AbortController().signal,
    cluster: () => Promise.resolve(cluster),
    ensureParts: (access) => Promise.resolve(access),
    helm: () => Promise.resolve(cluster.helm),
    images: (access) => publishImages(target, { run, cluster: access, cacheFolder, progress }),
  });
  const checks = Object.values(changes.everyCheck).filter((check: Check) => check.experiment === id);
  return evaluateItem({ id: 'gate', kind: 'gate', text: '', checks }, new Map([[id, history]]), { notApplicable: {} });
}

function verdictsOf({ checks }: ItemVerdict): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, verdict }) => [id.replace(/^config\.[a-z-]+\./, ''), verdict]));
}

test.describe('Broken twins of changes under traffic', { tag: '@full' }, () => {
  test('should turn red for lost calls when all replicas go before new ones come', async ({
    run,
    cluster,
    options: { cacheFolder },
    redactor,
    progress,
  }, testInfo) => {
    const target = twin('recreated', testInfo.outputPath(), [
      { file: 'templates/deployment.yaml', from: 'type: RollingUpdate', to: 'type: Recreate' },
      { file: 'templates/deployment.yaml', from: /^ *rollingUpdate: .*\n/m, to: '' },
      { file: 'templates/deployment.yaml', from: /^ *lifecycle:\n *preStop:\n *sleep: .*\n/m, to: '' },
    ]);
    const tools = { run, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    expect(verdictsOf(await judged(target, 'config.rate-limit', tools))).toMatchObject({
      made: 'pass',
      'observer-saw': 'pass',
      'no-call-lost.new-connection': 'fail',
      'no-call-lost.kept-alive': 'fail',
      'no-call-lost.session': 'fail',
      'served-by-every-pod': 'pass',
      'nothing-stale': 'pass',
    });
  });

  test('should turn red for stale pods when nothing tells them that their environment has changed', async ({
    run,
    cluster,
    options: { cacheFolder },
    redactor,
    progress,
  }, testInfo) => {
    const target = twin('stale', testInfo.outputPath(), [
      { file: 'templates/deployment.yaml', from: /^ *checksum\/config: .*\n/m, to: '' },
      { file: 'templates/deployment.yaml', from: /^ *- name: CONFIG_VERSION\n.*\n/m, to: '' },
    ]);
    const tools = { run, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    expect(verdictsOf(await judged(target, 'config.rate-limit', tools))).toMatchObject({
      // Helm says that all is well, and no call is lost.
      made: 'pass',
      'no-call-lost.new-connection': 'pass',
      'served-by-every-pod': 'fail',
      'nothing-stale': 'fail',
    });
  });

  test('should turn red for a rollback that leaves the added tool when the registration only adds', async ({
    run,
    cluster,
    options: { cacheFolder },
    redactor,
    progress,
  }, testInfo) => {
    const target = twin('only-adds', testInfo.outputPath(), [
      {
        file: 'files/register.py',
        from: / {4}if known is None:\n {8}request\("POST", "\/v1\/servers"/,
        to: '    wanted = sorted({*wanted, *(known or {}).get("associatedToolIds", [])})\n$&',
      },
    ]);
    const tools = { run, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    const verdict = await judged(target, 'config.helm-rollback', tools);
    expect(verdictsOf(verdict)).toMatchObject({ made: 'pass', restored: 'fail', 'served-by-every-pod': 'fail' });
    const restored = verdict.checks.find(({ id }) => id === 'config.helm-rollback.restored');
    expect(restored?.seen).toMatch(/not restored: .*Tool\/custom-tools-fail/);
  });
});
