import { join } from 'node:path';
import { registryName } from '../cluster/embedded/layout.ts';
import { loadImageIntoKind } from '../cluster/kind/load.ts';
import type { ClusterAccess, Progress } from '../cluster/provider.ts';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import { buildImage } from '../images/build.ts';
import type { BuiltImage } from '../images/build.ts';
import { publishImage } from '../images/publish.ts';
import { buildSuiteImage } from '../images/suite.ts';
import { once } from '../run/once.ts';
import type { Run } from '../run/run.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { AnyTarget } from '../target/any.ts';
import type { TargetVersion } from './types.ts';

/**
 * Builds the target's images, or those of the version before, and pushes them to the cluster's registry, once per run.
 * @returns where the cluster's nodes find them.
 * @throws UserError when the cluster has no way to take them.
 */
export function publishImages(
  target: AnyTarget,
  {
    run,
    cluster,
    cacheFolder,
    progress,
    version = 'current',
  }: {
    run: Run;
    cluster: ClusterAccess;
    cacheFolder: string;
    progress: Progress;
    version?: TargetVersion | undefined;
  },
): Promise<ImageLocations> {
  const images = version === 'current' ? target.images : previousImages(target);
  if (images.length === 0) return Promise.resolve({});
  const file = version === 'current' ? target.name : `${target.name}.${version}`;
  return once(join(run.folder, 'images', `${file}.json`), async () => {
    const put = publisher(cluster, progress, {
      what: `The target ${target.name} brings images of its own`,
      where: `${target.file} images`,
      fix: 'push the images to a registry that the cluster can pull from and name them in the values, or use the embedded cluster',
    });
    const locations: ImageLocations = {};
    // One after the other: each of them uses all cores.
    for (const { name, context } of images) {
      const image = await buildImage(join(target.folder, context), name, { cacheFolder, progress });
      locations[name] = { repository: await put(image), tag: image.tag };
    }
    return locations;
  });
}

/**
 * Builds the image of the suite itself and hands it to the cluster, once per run.
 * @returns how the cluster's nodes name it. @throws UserError when the cluster has no way to take it.
 */
export function publishSuite(options: {
  run: Run;
  cluster: ClusterAccess;
  cacheFolder: string;
  progress: Progress;
}): Promise<string> {
  const { run, cluster, cacheFolder, progress } = options;
  return once(join(run.folder, 'images', 'suite.json'), async () => {
    const put = publisher(cluster, progress, {
      what: 'Prober pods run an image of the suite',
      where: 'probers',
      fix: 'push the image with `npx seatrial image --push REPOSITORY` and name it as `proberImage`',
    });
    const image = await buildSuiteImage({ cacheFolder, progress });
    return `${await put(image)}:${image.tag}`;
  });
}

/** A model's versions are declared beside each other, and all of them are images of the current target. */
function previousImages(target: AnyTarget): AnyTarget['images'] {
  return target.kind === 'Model' ? [] : (target.upgrade?.previous?.images ?? []);
}

/** Hands an image to the cluster in the way that the cluster has, and returns the repository by which its nodes know it. */
function publisher(
  cluster: ClusterAccess,
  progress: Progress,
  otherwise: Mistake,
): (image: BuiltImage) => Promise<string> {
  const { provider, registry, crane } = cluster;
  if (provider === 'kind') {
    return async (image) => {
      const repository = `${registryName}/${image.name}`;
      progress(`image ${image.name}: loading it onto the nodes`);
      await loadImageIntoKind(image.layout, `${repository}:${image.tag}`);
      return repository;
    };
  }
  if (registry !== undefined && crane !== undefined) {
    return async (image) => {
      await publishImage(image, { crane, registry: registry.push, progress });
      return `${registry.pull}/${image.name}`;
    };
  }
  throw new UserError({
    ...otherwise,
    what: `${otherwise.what}, and the cluster of provider ${provider} has no registry to push to`,
  });
}
