import type { Failure } from './types.ts';
import { patchWorkload, restoreWorkload, workloadOf, type Role } from './workload.ts';

/** Everything of a workload goes, and nothing brings it back by itself. */
function scaledToZero(role: Role, facts: Pick<Failure, 'id' | 'title'>): Failure {
  return {
    ...facts,
    group: 'dependencies',
    async inject(site) {
      const found = await workloadOf(site, role);
      await patchWorkload(site, found, { spec: { replicas: 0 } });
      return {
        detail: { object: found.name, replicas: { from: found.workload.spec?.replicas, to: 0 } },
        undo: () => restoreWorkload(site, found),
      };
    },
  };
}

export const databaseDown = scaledToZero('database', { id: 'database-down', title: 'the database is down' });
export const serverDown = scaledToZero('server', { id: 'custom-server-down', title: 'the custom server is down' });
