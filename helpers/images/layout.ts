import { createHash } from 'node:crypto';
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architecture } from './key.ts';
import type { CachedLayer } from './layers.ts';
import type { ImageRecipe } from './recipe.ts';
import { EPOCH_S } from './sandbox.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Writes an image as an OCI image layout (a folder) into `folder`; the layers are links to the cached ones.
 * @returns Digest of the image's manifest, as a registry will know it.
 */
export async function writeLayout(folder: string, recipe: ImageRecipe, layers: CachedLayer[]): Promise<string> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const blob = async (mediaType: string, value: unknown) => {
    const text = JSON.stringify(value);
    const hex = createHash('sha256').update(text).digest('hex');
    await writeFile(join(blobs, hex), text);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
  };
  for (const { digest, file } of layers) await link(file, join(blobs, digest.replace('sha256:', '')));
  const config = await blob('application/vnd.oci.image.config.v1+json', imageConfig(recipe, layers));
  const manifest = await blob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: layers.map(({ digest, size }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size,
    })),
  });
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return manifest.digest;
}

function imageConfig(recipe: ImageRecipe, layers: CachedLayer[]): unknown {
  const { user, env, entrypoint, cmd, workdir, stopSignal, ports } = recipe;
  return {
    created: new Date(EPOCH_S * 1000).toISOString(),
    architecture: architecture().oci,
    os: 'linux',
    config: {
      User: user,
      Env: Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...env }).map(([name, value]) => `${name}=${value}`),
      Entrypoint: entrypoint,
      Cmd: cmd,
      WorkingDir: workdir,
      StopSignal: stopSignal,
      ExposedPorts: Object.fromEntries(ports.map((port) => [`${String(port)}/tcp`, {}])),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
}
