import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { measureAccuracy } from '../../../helpers/serving/accuracy.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import type { ModelVersion } from '../../../helpers/target/model/versions.ts';
import { freePorts, runInImage, unpackImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';
import { declaredAccuracy, expectSamples, ready, serve } from './served.ts';
import type { Served } from './served.ts';
import { expectTraffic } from './traffic.ts';

const folder = 'fixtures/targets/torchserve-iris';
const target = loadModel(folder);
const accuracy = declaredAccuracy(target);
const { stable, candidate, bad } = target.versions;
const [setosa = {}, versicolor = {}, virginica = {}] = target.samples.map(({ input }) => input);
let image: UnpackedImage;

/** Ports of gRPC too: TorchServe opens them, declared or not. */
async function start(version: ModelVersion): Promise<Served> {
  const [inference, management, behind] = await freePorts(3);
  const ports = { http: 'PORT', management: 'MANAGEMENT_PORT', metrics: 'METRICS_PORT' } as const;
  return serve(image, target, version, ports, {
    GRPC_PORT: String(inference),
    GRPC_MANAGEMENT_PORT: String(management),
    INFERENCE_PORT: String(behind),
  });
}

test.describe('the bundled TorchServe', { tag: '@full' }, () => {
  // Two processes each, one of which loads PyTorch.
  test.setTimeout(5 * 60_000);

  test.beforeAll(async () => {
    test.setTimeout(40 * 60_000);
    image = await unpackImage(`${folder}/images/torchserve-iris`, 'torchserve-iris');
  });

  test.afterAll(() => image[Symbol.asyncDispose]());

  test('should be asked by the traffic, by every path', async ({}, testInfo) => {
    await using served = await start(stable);
    await ready(served);
    await expectTraffic(served, target, stable.modelVersion, testInfo.outputPath('traffic.jsonl'));
  });

  for (const [name, version] of Object.entries({ 'stable (TorchScript)': stable, 'candidate (eager)': candidate })) {
    test(`should predict every sample in its ${name} version, alone and in a batch`, async () => {
      await using served = await start(version);
      await ready(served);
      await expectSamples(served, target, version);
      expect(await served.client.fingerprint()).toEqual({ version: version.modelVersion });
    });
  }

  test('should be as accurate as its declaration says, and the inaccurate version less so', async () => {
    const shares: number[] = [];
    for (const version of [stable, candidate, bad.inaccurate ?? stable]) {
      await using served = await start(version);
      await ready(served);
      const { rows, right, versions } = await measureAccuracy(served.client, { ...target, accuracy });
      expect(versions).toEqual([version.modelVersion]);
      shares.push(right / rows);
    }
    const [before = 0, after = 0, inaccurate = 1] = shares;
    expect(after).toBeGreaterThanOrEqual(accuracy.minimum);
    expect(after).toBeGreaterThanOrEqual(before);
    expect(inaccurate).toBeLessThan(accuracy.minimum);
  });

  const refused: [what: string, body: string, status: number][] = [
    ['a wrong shape', '{"features": [1, 2]}', 400],
    ['a value that is no number', '{"features": [NaN, 1, 2, 3]}', 400],
    ['a value without end', '{"features": [1e999, 1, 2, 3]}', 400],
    ['a text for a number', '{"features": ["5.1", 1, 2, 3]}', 400],
    ['a field that nobody knows', '{"features": [1, 2, 3, 4], "colour": 1}', 400],
    ['no JSON', 'features', 400],
    ['an empty batch', '{"instances": []}', 400],
    ['too large a batch', JSON.stringify({ instances: Array(65).fill([1, 2, 3, 4]) }), 413],
  ];

  test('should refuse what the model does not take with a reason, and go on', async () => {
    await using served = await start(stable);
    await ready(served);
    for (const [what, body, status] of refused) {
      const answer = await fetch(`${served.url('http')}/predictions/iris`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect([what, answer.status]).toEqual([what, status]);
      expect(await answer.json()).toMatchObject({ model_version: '1.0', detail: expect.any(String) });
    }
    await expect(served.client.predict({ features: [1] })).rejects.toMatchObject({ failure: 'refused' });
    expect((await served.client.predict(setosa)).version).toBe('1.0');
  });

  test('should not be ready while its worker cannot load the model, though it says that it is healthy', async () => {
    await using served = await start(bad['never-ready'] ?? stable);
    const ping = async () => (await fetch(`${served.url('http')}/ping`)).text();
    await expect.poll(() => ping().catch(() => ''), { timeout: 60_000 }).toContain('Healthy');
    expect((await fetch(`${served.url('management')}/models/iris`)).status).toBe(200);
    const reason = '0 of 1 workers are ready';
    expect(await served.client.readiness()).toEqual({ ready: false, reason });
    const probe = await probed(served);
    expect([probe.exitCode, probe.all]).toEqual([1, reason]);
  });

  test('should tell its probe when it is ready, and when nobody answers', async () => {
    const served = await start(stable);
    await ready(served);
    expect((await probed(served)).exitCode).toBe(0);
    await served[Symbol.asyncDispose]();
    expect(await probed(served)).toMatchObject({ exitCode: 1, all: expect.stringContaining('does not answer') });
  });

  test('should fail on some inputs in its failing version, and count calls', async () => {
    await using served = await start(bad.failing ?? stable);
    await ready(served);
    await expect(served.client.predict(virginica)).rejects.toMatchObject({ failure: 'failed', status: 503 });
    await served.client.predict(versicolor);
    const metrics = await (await fetch(`${served.url('metrics')}/metrics`)).text();
    expect(metrics).toMatch(/^ts_inference_requests_total\{model_name="iris",model_version="default",.*\} 2\.0/m);
    expect(metrics).toMatch(/^ts_inference_latency_microseconds\{.*\} [\d.e+]+$/im);
  });

  test('should be slow in its slow version, and keep to the deadline of a call', async () => {
    await using served = await start(bad.slow ?? stable);
    await ready(served);
    await expect(served.client.predict(setosa, { deadlineMs: 300 })).rejects.toMatchObject({ failure: 'deadline' });
  });

  test('should end by itself when it is asked to, with its worker', async () => {
    const served = await start(stable);
    await ready(served);
    await served[Symbol.asyncDispose]();
    const { exitCode, signal, timedOut } = await served.process;
    expect([exitCode, signal, timedOut]).toEqual([0, undefined, false]);
  });

  test('should ask clients to connect anew before it stops, and lose none of their calls', async () => {
    const served = await start(stable);
    await ready(served);
    // One connection, as long as the server keeps it.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async () => {
      const asked = request(`${served.url('http')}/predictions/iris`, { agent, method: 'POST' });
      asked.setHeader('content-type', 'application/json').end(JSON.stringify(setosa));
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      await text(answer);
      return [answer.statusCode, answer.headers.connection];
    };
    expect(await ask()).toEqual([200, 'keep-alive']);
    const stopped = served[Symbol.asyncDispose]();
    await expect.poll(ask).toEqual([200, 'close']);
    agent.destroy();
    await stopped;
    expect(served.process.exitCode).toBe(0);
  });
});

/** The readiness probe as the target declares it, run in the image. */
function probed(served: Served) {
  const { readiness } = target.healthChecks;
  if (!('exec' in readiness)) throw new Error('the target declares no command as its readiness probe');
  return runInImage(image, readiness.exec.command, { MANAGEMENT_PORT: new URL(served.url('management')).port });
}
