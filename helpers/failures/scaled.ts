import type { Inject } from './types.ts';
import { patchWorkload, restoreWorkload, workloadOf, type Role } from './workload.ts';

/** Everything of a workload goes, and nothing brings it back by itself. */
function scaledToZero(role: Role): Inject {
  return async (site) => {
    const found = await workloadOf(site, role);
    await patchWorkload(site, found, { spec: { replicas: 0 } });
    return {
      detail: { object: found.name, replicas: { from: found.workload.spec?.replicas, to: 0 } },
      undo: () => restoreWorkload(site, found),
    };
  };
}

export const databaseDown = scaledToZero('database');
export const serverDown = scaledToZero('server');
