import { expect, test } from '@playwright/test';
import { measureAccuracy } from '../../../helpers/serving/accuracy.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import { unpackImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';
import { declaredAccuracy, expectSamples, ready, serve } from './served.ts';
import type { Served } from './served.ts';

const folder = 'fixtures/targets/fastapi-iris';
const target = loadModel(folder);
const accuracy = declaredAccuracy(target);
const { stable, candidate, bad } = target.versions;
const [setosa, versicolor, virginica] = target.samples.map(({ input }) => input);
const ports = { http: 'PORT', metrics: 'METRICS_PORT' } as const;
let image: UnpackedImage;

test.describe('the bundled model server', { tag: '@full' }, () => {
  test.beforeAll(async () => {
    test.setTimeout(20 * 60_000);
    image = await unpackImage(`${folder}/images/fastapi-iris`, 'fastapi-iris');
  });

  test.afterAll(() => image[Symbol.asyncDispose]());

  for (const [name, version] of Object.entries({ stable, candidate })) {
    test(`should predict every sample in its ${name} version, alone and in a batch`, async () => {
      await using served = await serve(image, target, version, ports);
      await ready(served);
      await expectSamples(served, target, version);
    });
  }

  test('should be as accurate as its declaration says, and the inaccurate version less so', async () => {
    const shares = [stable, candidate, bad.inaccurate ?? stable].map(async (version) => {
      await using served = await serve(image, target, version, ports);
      await ready(served);
      const { rows, right } = await measureAccuracy(served.client, { ...target, accuracy });
      return right / rows;
    });
    expect(await Promise.all(shares)).toEqual([0.94, 1, 0.86]);
  });

  test('should be known by the digest of its model, whatever it calls itself', async () => {
    await using honest = await serve(image, target, stable, ports);
    await using lying = await serve(image, target, bad.lying ?? stable, ports);
    await Promise.all([ready(honest), ready(lying)]);
    const [one, other] = await Promise.all([honest.client.fingerprint(), lying.client.fingerprint()]);
    expect(other.version).toBe(one.version);
    expect(other.digest).not.toBe(one.digest);
  });

  const refused: [what: string, path: string, body: string, status: number][] = [
    ['a wrong shape', '/predict', '{"features": [1, 2]}', 422],
    ['a value that is no number', '/predict', '{"features": [NaN, 1, 2, 3]}', 422],
    ['a value without end', '/predict', '{"features": [1e999, 1, 2, 3]}', 422],
    ['a text for a number', '/predict', '{"features": ["5.1", 1, 2, 3]}', 422],
    ['no features', '/predict', '{"features": []}', 422],
    ['a field that nobody knows', '/predict', '{"features": [1, 2, 3, 4], "colour": 1}', 422],
    ['no JSON', '/predict', 'features', 422],
    ['nothing', '/predict', '', 422],
    ['an empty batch', '/batch_predict', '{"instances": []}', 422],
    ['too large a batch', '/batch_predict', JSON.stringify({ instances: Array(65).fill([1, 2, 3, 4]) }), 413],
    ['too large a body', '/predict', ' '.repeat(1_100_000), 413],
  ];

  test('should refuse what the model does not take with a reason, and go on', async () => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    for (const [what, path, body, status] of refused) {
      const answer = await post(served, path, body);
      expect([what, answer.status]).toEqual([what, status]);
      expect(await answer.json()).toHaveProperty('detail');
    }
    expect((await served.client.predict(setosa ?? {})).version).toBe('v1');
  });

  test('should take a body whose length was not told, up to the same limit', async () => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    const body = JSON.stringify({ features: [5.1, 3.5, 1.4, 0.2] });
    expect((await post(served, '/predict', streamOf(body))).status).toBe(200);
    expect((await post(served, '/predict', streamOf(' '.repeat(1_100_000)))).status).toBe(413);
  });

  test('should say that it is not ready while it loads, and when it never will be, and stay alive', async () => {
    for (const [version, env, reason] of [
      [stable, { LOAD_DELAY_S: '3600' }, 'the model is being loaded'],
      [bad['never-ready'] ?? stable, {}, 'the model could not be loaded'],
    ] as const) {
      await using served = await serve(image, target, version, ports, env);
      const readiness = () => served.client.readiness();
      await expect
        .poll(readiness, { timeout: 60_000 })
        .toMatchObject({ ready: false, reason: expect.stringContaining(reason) });
      expect((await fetch(`${served.url('http')}/health`)).status).toBe(200);
      await expect(served.client.predict(setosa ?? {})).rejects.toMatchObject({ failure: 'not-ready', status: 503 });
    }
  });

  test('should fail on some inputs in its failing version, say so in its health, and count it', async () => {
    await using served = await serve(image, target, bad.failing ?? stable, ports);
    await ready(served);
    const told = { failure: 'failed', status: 500, version: 'v2-failing' };
    await expect(served.client.predict(virginica ?? {})).rejects.toMatchObject(told);
    await served.client.predict(versicolor ?? {});
    expect(await health(served)).toMatchObject({
      status: 'unhealthy',
      checks: {
        error_rate: { status: 'critical', error_rate_percent: 50, requests: 2 },
        model_loaded: { status: 'ok' },
      },
    });
    const metrics = await (await fetch(`${served.url('metrics')}/metrics`)).text();
    expect(metrics).toContain(
      'http_requests_total{handler="/predict",method="POST",model_version="v2-failing",status="500"} 1.0',
    );
    expect(metrics).toMatch(/http_request_duration_seconds_bucket\{handler="\/predict",le="0\.5",.*\} 2\.0/);
    expect(metrics).toMatch(/^process_resident_memory_bytes [\d.e+]+$/m);
  });

  test('should fail every third prediction in a burst, and none before it may have bursts', async () => {
    const always = { FAULT_BURST_MS: '1000', FAULT_BURST_EVERY_MS: '1000' };
    const outcomes = async (env: Record<string, string>) => {
      await using served = await serve(image, target, { ...candidate, env: { ...candidate.env, ...env } }, ports);
      await ready(served);
      const told: boolean[] = [];
      for (let call = 0; call < 6; call++)
        told.push(
          await served.client.predict(setosa ?? {}).then(
            () => true,
            () => false,
          ),
        );
      return told;
    };
    expect(await outcomes(always)).toEqual([true, true, false, true, true, false]);
    expect(await outcomes({ ...always, FAULT_BURST_AFTER_MS: '60000' })).toEqual(Array(6).fill(true));
  });

  test('should be slow in its slow version, and keep to the deadline of a call', async () => {
    await using served = await serve(image, target, bad.slow ?? stable, ports);
    await ready(served);
    await expect(served.client.predict(setosa ?? {}, { deadlineMs: 300 })).rejects.toMatchObject({
      failure: 'deadline',
    });
    await served.client.predict(setosa ?? {});
    const { checks } = await health(served);
    expect(checks.response_time).toMatchObject({ status: 'critical' });
  });

  test('should grow with each prediction in its leaking version', async () => {
    await using served = await serve(image, target, bad.leaking ?? stable, ports);
    await ready(served);
    const before = await residentMiB(served);
    for (let call = 0; call < 100; call++) await served.client.predict(setosa ?? {});
    // A quarter of a MiB each; some of it may have been free within the process.
    expect((await residentMiB(served)) - before).toBeGreaterThan(20);
  });

  test('should call its health by the limits that it was given', async () => {
    const strict = { HEALTH_RESPONSE_TIME_MS_WARNING: '0.000001', HEALTH_RESPONSE_TIME_MS_CRITICAL: '60000' };
    const lenient = { HEALTH_CPU_WARNING: '1000', HEALTH_CPU_CRITICAL: '1001' };
    await using served = await serve(image, target, stable, ports, { ...strict, ...lenient });
    await ready(served);
    expect(await health(served)).toMatchObject({ status: 'healthy', checks: { response_time: { status: 'no_data' } } });
    await served.client.predict(setosa ?? {});
    expect(await health(served)).toMatchObject({
      status: 'degraded',
      checks: { response_time: { status: 'warning' } },
    });
  });

  test('should answer calls until clients have gone elsewhere, and tell them to go', async () => {
    await using served = await serve(image, target, stable, ports);
    await ready(served);
    served.process.kill('SIGTERM');
    await expect.poll(() => served.client.readiness()).toMatchObject({ ready: false });
    const last = await post(served, '/predict', JSON.stringify(setosa));
    expect([last.status, last.headers.get('connection')]).toEqual([200, 'close']);
    const { all, signal, exitCode } = await served.process;
    expect(all).toContain('Finished server process');
    expect(exitCode === 0 || signal === 'SIGTERM').toBe(true);
  });
});

/** Is sent in chunks, without its length. */
function streamOf(text: string): ReadableStream {
  return new Blob([text]).stream();
}

function post(served: Served, path: string, body: string | ReadableStream): Promise<Response> {
  const request = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };
  return fetch(`${served.url('http')}${path}`, request);
}

interface Report {
  status: string;
  checks: Record<string, { status: string }>;
}

async function health(served: Served): Promise<Report> {
  return (await (await fetch(`${served.url('http')}/health/details`)).json()) as Report;
}

async function residentMiB(served: Served): Promise<number> {
  const text = await (await fetch(`${served.url('metrics')}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
}
