import { HttpMethod } from '@kubernetes/client-node';
import { discover } from './discovery.ts';
import type { Kube } from './kube.ts';
import type { KubeObject } from './resources.ts';

/**
 * Creates objects of any kind, in their order, or brings those that are there up to date (server-side apply). Kinds that are created
 * by the same call cannot be used in it.
 * @param dryRun asks the API server whether it would take them, by everything that it admits objects by; nothing is changed.
 * @throws Error naming an object whose kind the cluster does not know; KubeError when the API server refuses one.
 */
export async function applyObjects(kube: Kube, objects: readonly KubeObject[], { dryRun = false } = {}): Promise<void> {
  const known = (await Promise.all([true, false].map((namespaced) => discover(kube, { namespaced })))).flat();
  for (const object of objects) {
    const { apiVersion = '', kind = '', metadata: { name, namespace } = {} } = object;
    const resource = known.find((one) => one.apiVersion === apiVersion && one.kind === kind);
    if (resource === undefined || name === undefined)
      throw new Error(`${kind}/${name ?? '?'}: unknown kind or no name`);
    await kube.request(kube.path(resource, { name, ...(namespace === undefined ? {} : { namespace }) }), {
      method: HttpMethod.PATCH,
      query: { fieldManager: 'seatrial', force: true, ...(dryRun ? { dryRun: 'All' } : {}) },
      // JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  }
}
