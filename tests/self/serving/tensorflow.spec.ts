import { expect, test } from '@playwright/test';
import { measureAccuracy } from '../../../helpers/serving/accuracy.ts';
import { ServingError } from '../../../helpers/serving/errors.ts';
import type { Fields } from '../../../helpers/serving/tensors.ts';
import { signatureOf } from '../../../helpers/serving/tensorflow/signature.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import { unpackImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';
import { declaredAccuracy, expectSamples, ready, serve } from './served.ts';
import { expectTraffic } from './traffic.ts';

const folder = 'fixtures/targets/tensorflow-iris';
const target = loadModel(folder);
const { stable, candidate, bad } = target.versions;
const accuracy = declaredAccuracy(target);
const ports = { grpc: 'PORT', metrics: 'MONITORING_PORT' } as const;
let image: UnpackedImage;

test.describe("the bundled server of TensorFlow Serving's interface", { tag: '@full' }, () => {
  test.beforeAll(async () => {
    test.setTimeout(20 * 60_000);
    image = await unpackImage(`${folder}/images/tensorflow-iris`, 'tensorflow-iris');
  });

  test.afterAll(() => image[Symbol.asyncDispose]());

  test('should be asked by the traffic, by every path', async ({}, testInfo) => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    await expectTraffic(served, target, stable.modelVersion, testInfo.outputPath('traffic.jsonl'));
  });

  for (const [name, version] of Object.entries({ stable, candidate })) {
    test(`should predict every sample in its ${name} version, alone and in a batch`, async () => {
      await using served = await serve(image, target, version, ports);
      await ready(served);
      await expectSamples(served, target, version);
      expect(await served.client.fingerprint()).toEqual({ version: version.modelVersion });
    });
  }

  test('should be as accurate as its declaration says, and the inaccurate version less so', async () => {
    const shares = [stable, candidate, bad.inaccurate ?? stable].map(async (version) => {
      await using served = await serve(image, target, version, ports);
      await ready(served);
      const { rows, right, versions } = await measureAccuracy(served.client, { ...target, accuracy });
      expect(versions).toEqual([version.modelVersion]);
      return right / rows;
    });
    const [before = 0, after = 0, inaccurate = 1] = await Promise.all(shares);
    expect(after).toBeGreaterThanOrEqual(accuracy.minimum);
    expect(after).toBeGreaterThanOrEqual(before);
    expect(inaccurate).toBeLessThan(accuracy.minimum);
  });

  test('should tell the signature that the target declares', async () => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    const { inputs, outputs, ...serving } = target.serving;
    const address = served.url('grpc').replace('http://', '');
    expect(await signatureOf(serving, address)).toEqual({ inputs, outputs });
    const unknown = signatureOf({ ...serving, signature: 'nope' }, address);
    await expect(unknown).rejects.toMatchObject({ failure: 'malformed' });
    await expect(signatureOf({ ...serving, model: 'nope' }, address)).rejects.toMatchObject({
      failure: 'unknown-model',
    });
  });

  test('should refuse what the model does not take, and go on', async () => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    const wrong: [what: string, instances: Fields[]][] = [
      ['a wrong shape', [{ features: [1, 2] }]],
      ['a value that is no number', [{ features: [1, 2, 3, NaN] }]],
      ['nothing', []],
      ['too many', Array.from({ length: 65 }, () => ({ features: [1, 2, 3, 4] }))],
    ];
    for (const [what, instances] of wrong) {
      await expect(served.client.predictBatch(instances), what).rejects.toMatchObject({
        failure: 'refused',
        status: 3,
      });
    }
    expect((await served.client.predict(target.samples[0]?.input ?? {})).version).toBe('1');
  });

  test('should keep to the deadline of a call', async () => {
    await using served = await serve(image, target, bad.slow ?? stable, ports);
    await ready(served);
    const slow = served.client.predict(target.samples[0]?.input ?? {}, { deadlineMs: 300 });
    await expect(slow).rejects.toMatchObject({ name: 'ServingError', failure: 'deadline' });
  });

  test('should say that it is not ready while it loads, and when it never will be', async () => {
    await using loading = await serve(image, target, stable, ports, { LOAD_DELAY_S: '3600' });
    await expect
      .poll(() => loading.client.readiness(), { timeout: 60_000 })
      .toEqual({ ready: false, reason: 'version 1 is LOADING' });
    await using never = await serve(image, target, bad['never-ready'] ?? stable, ports);
    await expect
      .poll(() => never.client.readiness(), { timeout: 60_000 })
      .toMatchObject({ ready: false, reason: expect.stringContaining('Could not find any versions') });
    await expect(never.client.fingerprint()).rejects.toBeInstanceOf(ServingError);
  });

  test('should count calls by version and code, and end by itself when it is asked to', async () => {
    const served = await serve(image, target, bad.failing ?? stable, ports);
    await ready(served);
    const [setosa, , virginica] = target.samples.map(({ input }) => input);
    await served.client.predict(setosa ?? {});
    await expect(served.client.predict(virginica ?? {})).rejects.toMatchObject({ failure: 'failed', status: 13 });
    const metrics = await (await fetch(`${served.url('metrics')}${target.serving.paths.metrics}`)).text();
    const count = (code: string) =>
      `grpc_server_handled_total{grpc_code="${code}",grpc_method="Predict",model_version="5"} 1.0`;
    expect(metrics).toContain(count('OK'));
    expect(metrics).toContain(count('INTERNAL'));
    await served[Symbol.asyncDispose]();
    expect((await served.process).exitCode).toBe(0);
  });
});
