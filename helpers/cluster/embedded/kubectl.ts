import { join } from 'node:path';
import { ensurePart } from './build.ts';
import type { OnDemandPart } from './on-demand.ts';

/** The kubectl of the cluster's own version: the blocks of runbooks call it. Nothing is put on the cluster. */
export const kubectl: OnDemandPart = {
  expectedSeconds: { cold: 40, warm: 0 },

  async prepare({ options, progress }) {
    await ensurePart('kubectl', { cacheFolder: options.cacheFolder, progress });
  },

  async install({ options, progress }) {
    const folder = await ensurePart('kubectl', { cacheFolder: options.cacheFolder, progress });
    return { kubectl: join(folder, 'kubectl') };
  },
};
