import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { experimentById } from '../../../helpers/experiments/experiments.ts';
import { loadTarget } from '../../../helpers/target/load.ts';
import type { Target } from '../../../helpers/target/schema.ts';
import { changes } from '../../../helpers/verdict/checks/index.ts';
import type { Check, ItemVerdict } from '../../../helpers/verdict/types.ts';
import { judged } from './judged.ts';

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

function checksOf(experiment: string): Check[] {
  return Object.values(changes.everyCheck).filter((check) => check.experiment === experiment);
}

function verdictsOf(checks: ItemVerdict['checks']): Record<string, string> {
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
    const tools = { run, target, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    const checks = await judged(experimentById('config.rate-limit'), checksOf('config.rate-limit'), tools);
    expect(verdictsOf(checks)).toMatchObject({
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
    const tools = { run, target, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    const checks = await judged(experimentById('config.rate-limit'), checksOf('config.rate-limit'), tools);
    expect(verdictsOf(checks)).toMatchObject({
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
    const tools = { run, target, cluster, cacheFolder, redactor, progress, folder: testInfo.outputPath('run') };
    const checks = await judged(experimentById('config.helm-rollback'), checksOf('config.helm-rollback'), tools);
    expect(verdictsOf(checks)).toMatchObject({ made: 'pass', restored: 'fail', 'served-by-every-pod': 'fail' });
    const restored = checks.find(({ id }) => id === 'config.helm-rollback.restored');
    expect(restored?.seen).toMatch(/not restored: .*Tool\/custom-tools-fail/);
  });
});
