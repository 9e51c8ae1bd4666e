import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { workerProtocol } from '../../../helpers/experiments/worker-protocol.ts';
import { loadTarget } from '../../../helpers/target/load.ts';
import type { Target } from '../../../helpers/target/schema.ts';
import { worker } from '../../../helpers/verdict/checks/index.ts';
import { judged } from './judged.ts';

const bundled = join(import.meta.dirname, '../../../fixtures/targets/contextforge');

/** The bundled target with one replica of the custom server, which is taken away before the next one comes. */
function twin(folder: string): Target {
  const target = loadTarget(bundled);
  const chart = join(folder, 'custom-server');
  cpSync(join(bundled, 'charts/custom-server'), chart, { recursive: true });
  const deployment = join(chart, 'templates/deployment.yaml');
  const text = readFileSync(deployment, 'utf8');
  const broken = text.replace('type: RollingUpdate', 'type: Recreate').replace(/^ *rollingUpdate: .*\n/m, '');
  expect(broken).not.toBe(text);
  writeFileSync(deployment, broken);
  const releases = target.releases.map((release) =>
    release.name === target.worker?.release
      ? { ...release, chart: { path: relative(target.folder, chart) }, set: { ...release.set, replicaCount: 1 } }
      : release,
  );
  return {
    ...target,
    name: 'worker-twin',
    releases,
    images: target.images.filter(({ name }) => name === 'custom-server'),
  };
}

test.describe('A worker on a cluster', { tag: '@full' }, () => {
  test('should fail for calls lost while it rolls, and for nothing else, when its only replica goes before the next one comes', async ({
    run,
    cluster,
    options: { cacheFolder },
    redactor,
    progress,
  }, testInfo) => {
    const target = twin(testInfo.outputPath());
    const folder = testInfo.outputPath('run');
    const tools = { run, target, cluster, cacheFolder, redactor, progress, folder };
    const checks = await judged(workerProtocol, Object.values(worker), tools);
    const red = checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ id, verdict, seen }) => `${id} ${verdict} ${seen}`);
    expect(red).toEqual([
      expect.stringMatching(/^worker\.stays-correct-while-rolling fail \d+ of \d+ calls were not served$/),
    ]);
  });
});
