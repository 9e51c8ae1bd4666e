import { join } from 'node:path';
import type { ClusterAccess, Progress } from '../cluster/provider.ts';
import { UserError } from '../errors.ts';
import { buildImage } from '../images/build.ts';
import { publishImage } from '../images/publish.ts';
import { once } from '../run/once.ts';
import type { Run } from '../run/run.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { Target } from '../target/schema.ts';

/**
 * Builds the target's images and pushes them to the cluster's registry, once per run.
 * @returns where the cluster's nodes find them.
 * @throws UserError when the cluster has no registry.
 */
export function publishImages(
  target: Target,
  {
    run,
    cluster,
    cacheFolder,
    progress,
  }: { run: Run; cluster: ClusterAccess; cacheFolder: string; progress: Progress },
): Promise<ImageLocations> {
  if (target.images.length === 0) return Promise.resolve({});
  return once(join(run.folder, 'images', `${target.name}.json`), async () => {
    const { registry, crane } = cluster;
    if (registry === undefined || crane === undefined) {
      throw new UserError({
        what: `The target ${target.name} brings images of its own, and the cluster of provider ${cluster.provider} has no registry to push them to`,
        where: `${target.file} images`,
        fix: 'push the images to a registry that the cluster can pull from and name them in the values, or use the embedded cluster',
      });
    }
    const locations: ImageLocations = {};
    // One after the other: each of them uses all cores.
    for (const { name, context } of target.images) {
      const image = await buildImage(join(target.folder, context), name, { cacheFolder, progress });
      await publishImage(image, { crane, registry: registry.push, progress });
      locations[name] = { repository: `${registry.pull}/${name}`, tag: image.tag };
    }
    return locations;
  });
}
