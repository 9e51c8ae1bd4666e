import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { failing, late, notLoaded, rest } from '../../../helpers/experiments/health/causes.ts';
import type { Trial } from '../../../helpers/experiments/health/causes.ts';
import { readHealth } from '../../../helpers/experiments/health/readings.ts';
import { History, HistoryWriter } from '../../../helpers/history/history.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import type { ModelVersion } from '../../../helpers/target/model/versions.ts';
import { modelHealth } from '../../../helpers/verdict/checks/index.ts';
import { unpackImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';
import { ready, serve } from './served.ts';

const folder = 'fixtures/targets/fastapi-iris';
const target = loadModel(folder);
const { stable, bad } = target.versions;
const path = target.serving.paths.health ?? '';
const ports = { http: 'PORT', metrics: 'METRICS_PORT' } as const;
let image: UnpackedImage;

/** The bundled server as a process of this machine: its limits on memory and CPU are the machine's, and no Kubernetes looks at it. */
test.describe('the health of the bundled model server', { tag: '@full' }, () => {
  test.describe.configure({ timeout: 5 * 60_000 });

  test.beforeAll(async () => {
    test.setTimeout(20 * 60_000);
    image = await unpackImage(`${folder}/images/fastapi-iris`, 'fastapi-iris');
  });

  test.afterAll(() => image[Symbol.asyncDispose]());

  /** Runs one cause on a version. */
  async function pushed(
    version: ModelVersion | undefined,
    history: HistoryWriter,
    cause: (trial: Trial) => Promise<void>,
    { env = {}, getsReady = true }: { env?: Record<string, string>; getsReady?: boolean } = {},
  ): Promise<void> {
    if (version === undefined) throw new Error('the bundled target declares no such version');
    await using served = await serve(image, target, version, ports, env);
    if (getsReady) await ready(served);
    const url = served.url('http');
    await expect
      .poll(() =>
        readHealth({ url }, path).then(
          ({ httpStatus }) => httpStatus,
          () => 0,
        ),
      )
      .not.toBe(0);
    const { deadlineMs } = target.serving;
    const replica = { name: 'served', version, url, deadlineMs, pod: () => Promise.resolve(undefined) };
    const context = { target, history, signal: new AbortController().signal } as unknown as Trial['context'];
    await cause({ context, replica, path });
  }

  test('should follow each cause over each limit, by checks that pass', async ({}, testInfo) => {
    const file = testInfo.outputPath('history.jsonl');
    const writer = new HistoryWriter(file);
    writer.fact('health.limits', target.healthChecks.thresholds);
    await pushed(stable, writer, rest);
    await pushed(bad.failing, writer, failing);
    await pushed(bad.sluggish, writer, late('warning'));
    await pushed(bad.slow, writer, late('critical'));
    await pushed(bad['never-ready'], writer, notLoaded, { getsReady: false });
    const history = History.read(file) ?? new History([]);
    for (const check of [modelHealth.overall, modelHealth.modelLoaded, modelHealth.responseTime, modelHealth.errorRate])
      expect(check.evaluate(history), check.id).toMatchObject({ verdict: 'pass' });
    // Nothing was done to these here, which is not to be taken for their being well.
    for (const check of [modelHealth.memory, modelHealth.cpu])
      expect(check.evaluate(history), check.id).toMatchObject({ verdict: 'inconclusive' });
  });

  test('should turn the check red where the server is told other limits than are declared', async ({}, testInfo) => {
    const file = join(testInfo.outputPath(), 'history.jsonl');
    const writer = new HistoryWriter(file);
    writer.fact('health.limits', target.healthChecks.thresholds);
    const env = { HEALTH_ERROR_RATE_WARNING: '0.2', HEALTH_ERROR_RATE_CRITICAL: '0.9' };
    await pushed(stable, writer, rest, { env });
    await pushed(bad.failing, writer, failing, { env });
    const history = History.read(file) ?? new History([]);
    expect(modelHealth.errorRate.evaluate(history)).toMatchObject({ verdict: 'fail' });
    expect(modelHealth.overall.evaluate(history)).toMatchObject({ verdict: 'fail' });
  });
});
