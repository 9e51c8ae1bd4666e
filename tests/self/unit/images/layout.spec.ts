import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { writeLayout } from '../../../../helpers/images/layout.ts';
import { readRecipe } from '../../../../helpers/images/recipe.ts';
import { recipeFolder } from './recipes.ts';

const descriptor = z.object({ digest: z.string(), size: z.number() });
const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) });

test.describe('image layouts', { tag: '@static' }, () => {
  test('should hold what their digests and sizes say, from the index down to the layers', async () => {
    const { folder, digest, layer } = await layoutOfOneLayer();
    const index = z.object({ manifests: z.array(descriptor) }).parse(json(join(folder, 'index.json')));
    expect(index.manifests.map((entry) => entry.digest)).toEqual([digest]);
    const manifest = manifestSchema.parse(JSON.parse(blob(folder, digest)));
    for (const { digest: name, size } of [...index.manifests, manifest.config, ...manifest.layers]) {
      expect(sha256(blob(folder, name))).toBe(name);
      expect(Buffer.byteLength(blob(folder, name))).toBe(size);
    }
    expect(JSON.parse(blob(folder, manifest.config.digest))).toMatchObject({
      os: 'linux',
      config: { User: '1000:1000' },
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    });
  });

  test('should have the same digest whenever they are written', async () => {
    expect((await layoutOfOneLayer()).digest).toBe((await layoutOfOneLayer()).digest);
  });
});

async function layoutOfOneLayer() {
  const home = mkdtempSync(join(tmpdir(), 'seatrial-layout-'));
  const folder = join(home, 'layout');
  mkdirSync(folder);
  const file = join(home, 'layer.tar.gz');
  writeFileSync(file, 'a layer');
  const layer = { file, digest: sha256('a layer'), diffId: sha256('unpacked'), size: 7, packages: '' };
  return { folder, layer, digest: await writeLayout(folder, readRecipe(recipeFolder()), [layer]) };
}

function blob(folder: string, digest: string): string {
  return readFileSync(join(folder, 'blobs', 'sha256', digest.replace('sha256:', '')), 'utf8');
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
