import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { patternsOf } from '../../../helpers/experiments/deliverables/server.ts';
import { examine } from '../../../helpers/experiments/package/examine.ts';
import { loadModel } from '../../../helpers/target/load.ts';
import { unpackImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';
import { ready, serve } from './served.ts';

const folder = 'fixtures/targets/fastapi-iris';
const target = loadModel(folder);
const { stable, candidate, bad } = target.versions;
const ports = { http: 'PORT', metrics: 'METRICS_PORT' } as const;
let image: UnpackedImage;

test.describe('the examination of a package', { tag: '@full' }, () => {
  test.beforeAll(async () => {
    test.setTimeout(20 * 60_000);
    image = await unpackImage(`${folder}/images/fastapi-iris`, 'fastapi-iris');
  });

  test.afterAll(() => image[Symbol.asyncDispose]());

  for (const [name, version, right] of [
    ['stable', stable, 47],
    ['candidate', candidate, 50],
  ] as const) {
    test(`should find the ${name} version ready, right, honest, and refusing what is wrong`, async () => {
      await using served = await serve(image, target, version, ports);
      await ready(served);
      const found = await examine(target, served.addresses, { whole: true });
      expect(found).toMatchObject({
        ready: true,
        version: version.modelVersion,
        digest: expect.stringMatching(/^(sha256:)?[0-9a-f]{64}$/),
        batch: { ok: true },
        accuracy: { right, rows: 50 },
        after: { ok: true, version: version.modelVersion },
      });
      expect(found.samples.map(({ ok, version: told }) => [ok, told])).toEqual(
        target.samples.map(() => [true, version.modelVersion]),
      );
      expect(found.refusals?.map(({ what, outcome }) => [what, outcome])).toEqual([
        ['a wrong shape', 'refused'],
        ['a text for a number', 'refused'],
        ['no fields', 'refused'],
        ['NaN', 'refused'],
        ['an empty batch', 'refused'],
        ['a batch of 65', 'refused'],
      ]);
    });
  }

  test('should tell that a version lies, is inaccurate, or fails', async () => {
    const [lying, failing] = await Promise.all(
      [bad.lying, bad.failing].map(async (version) => {
        await using served = await serve(image, target, version ?? stable, ports);
        await ready(served);
        return await examine(target, served.addresses, { whole: false });
      }),
    );
    expect(lying).toMatchObject({ version: 'v1', accuracy: { right: 43, rows: 50 } });
    expect(failing?.samples.filter(({ ok }) => !ok)).toMatchObject([{ name: 'virginica', error: expect.any(String) }]);
    expect(lying?.refusals).toBeUndefined();
  });

  test('should tell why a version is never ready', async () => {
    await using served = await serve(image, target, bad['never-ready'] ?? stable, ports);
    await expect
      .poll(async () => (await served.client.readiness()) as unknown, { timeout: 60_000 })
      .toMatchObject({ reason: expect.stringContaining('could not be loaded') });
    expect(await examine(target, served.addresses, { whole: true })).toMatchObject({
      ready: false,
      reason: expect.stringContaining('could not be loaded'),
    });
  });

  test('should find the programs of the server by its command line', async () => {
    await using served = await serve(image, target, candidate, ports);
    await ready(served);
    const [pattern = ''] = patternsOf(image.config.Entrypoint);
    expect(pattern).toBe('/opt/server/*.py');
    expect(await readFile(join(image.root, 'opt/server/main.py'), 'utf8')).toContain('uvicorn');
  });
});
