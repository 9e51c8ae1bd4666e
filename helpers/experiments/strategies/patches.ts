import { HttpMethod } from '@kubernetes/client-node';
import { selecting, weights } from '../../deliverables/commands.ts';
import { virtualServiceNames } from '../../deliverables/mesh.ts';
import { entryName } from '../../deliverables/slots.ts';
import type { Role } from '../../deliverables/slots.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Resource } from '../../kubernetes/resources.ts';
import { seatOf } from './site.ts';
import type { Site } from './site.ts';

const virtualService: Resource = {
  kind: 'VirtualService',
  apiVersion: 'networking.istio.io/v1',
  plural: 'virtualservices',
  namespaced: true,
};

/** Sends all calls to the version of that role, at once: the selectors of both Services. */
export async function switchTo(site: Site, role: Role): Promise<void> {
  const { context, kube, namespace, strategy } = site;
  const { name } = context.target;
  for (const service of [name, entryName(name)]) {
    context.history.write('patch selector', `Service/${service}`, namespace);
    await kube.patch(kinds.service, { name: service }, selecting(strategy, seatOf(site, role)));
  }
}

/** Sends this percentage of calls, or of new users, to the candidate. */
export async function weigh(site: Site, candidate: number): Promise<void> {
  const { context, kube, namespace, strategy, flipped } = site;
  for (const name of virtualServiceNames(context.target)) {
    context.history.write(`patch weight ${String(candidate)} %`, `VirtualService/${name}`, namespace);
    await kube.request(kube.path(virtualService, { name }), {
      method: HttpMethod.PATCH,
      contentType: 'application/json-patch+json',
      body: weights(strategy, flipped ? 100 - candidate : candidate),
    });
  }
}
