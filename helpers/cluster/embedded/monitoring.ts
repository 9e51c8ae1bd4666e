import { join } from 'node:path';
import { buildImage } from '../../images/build.ts';
import type { BuiltImage } from '../../images/build.ts';
import { publishImage } from '../../images/publish.ts';
import type { Progress } from '../provider.ts';
import { registryOf } from './images.ts';
import { registryName } from './layout.ts';
import type { OnDemandPart } from './on-demand.ts';

/** The image of Prometheus and its Alertmanager. They are started in the namespaces that need them, not once for the cluster. */
export const prometheus: OnDemandPart = {
  expectedSeconds: { cold: 60, warm: 2 },

  async prepare({ options: { cacheFolder }, progress }) {
    await build({ cacheFolder, progress });
  },

  async install({ access, cluster, options: { cacheFolder }, progress }) {
    const built = await build({ cacheFolder, progress });
    await publishImage(built, { ...registryOf(access), progress });
    const image = `${registryName}/${built.name}:${built.tag}`;
    return { monitoring: { prometheus: image, alertmanager: image, receiver: cluster.addresses.host } };
  },
};

function build(options: { cacheFolder: string; progress: Progress }): Promise<BuiltImage> {
  return buildImage(join(import.meta.dirname, 'images/prometheus'), 'seatrial/prometheus', options);
}
