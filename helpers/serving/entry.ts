import { UserError } from '../errors.ts';
import type { ClusterPart } from '../cluster/provider.ts';
import { entryName } from '../deliverables/slots.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Service } from '../kubernetes/resources.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { nodeAddress } from '../mcp/endpoint.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';

/** Load balancers of clouds take a minute or two to hand out an address, in ms. */
const ADDRESS_LIMIT_MS = 5 * 60_000;

/** Where users of a model enter. */
export interface Entry {
  url: string;
  /** `node-port` where the cluster has nothing that hands out addresses: the Service is the same, one hop is missing. */
  way: 'load-balancer' | 'node-port';
}

/**
 * The address of the Service of type LoadBalancer, as clients outside of the cluster reach it. No port is forwarded.
 * @param parts of the cluster; without the part `load-balancer` its node port is used.
 * @throws UserError when there is no way in.
 */
export async function entryOf(
  kube: Kube,
  model: Pick<ModelDeclaration, 'name'>,
  { parts, signal }: { parts: readonly ClusterPart[]; signal: AbortSignal },
): Promise<Entry> {
  const name = entryName(model.name);
  const balanced = parts.includes('load-balancer');
  const [service] = await waitFor(
    kube,
    `Service/${name} has an address`,
    { resource: kinds.service, selection: { namespace: kube.namespace ?? '', name } },
    ([found]) => found !== undefined && (!balanced || addressIn(found) !== undefined),
    { timeoutMs: ADDRESS_LIMIT_MS, signal },
  );
  const [port] = service?.spec?.ports ?? [];
  const address = service === undefined ? undefined : addressIn(service);
  if (balanced && address !== undefined && port !== undefined)
    return { url: urlOf(address, port.port), way: 'load-balancer' };
  if (port?.nodePort === undefined)
    throw new UserError({
      what: `Service "${name}" has neither an address of a load balancer nor a node port: nobody outside of the cluster can reach the model`,
      where: `namespace ${kube.namespace ?? ''}`,
      fix: 'use a cluster with a load balancer, or one that allocates node ports for it',
    });
  const { items } = await kube.list(kinds.node, {}, signal);
  return { url: urlOf(nodeAddress(items), port.nodePort), way: 'node-port' };
}

function addressIn({ status }: Service): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname;
}

export function urlOf(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
}
