import { createHash } from 'node:crypto';
import { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { ObjectMeta, Service } from '../kubernetes/resources.ts';
import type { ClusterAccess } from './provider.ts';

/** By it MetalLB is asked for an address. */
export const ADDRESS_ANNOTATION = 'metallb.io/loadBalancerIPs';

/**
 * What asks for an address of its own for a Service of type LoadBalancer, where the cluster lets one choose; empty elsewhere. MetalLB gives
 * the first that is free, so that experiments one after the other would share it, and one may be led to a pod of the one before: nodes know
 * connections by addresses and ports, and those that did not end well (a busy machine suffices) for minutes.
 */
export async function ownAddress(
  cluster: Pick<ClusterAccess, 'kubeconfig' | 'context' | 'loadBalancers'>,
  service: { namespace: string; name: string },
): Promise<Record<string, string>> {
  if (cluster.loadBalancers === undefined) return {};
  const { items } = await Kube.connect(cluster).list(kinds.service);
  return { [ADDRESS_ANNOTATION]: chooseAddress(cluster.loadBalancers, items, service) };
}

/**
 * The address that the Service has already; else one that depends on its name, or the next that no other Service has. Pure.
 * @throws Error when all of them are taken.
 */
export function chooseAddress(
  pool: readonly string[],
  services: readonly Pick<Service, 'metadata' | 'status'>[],
  { namespace, name }: { namespace: string; name: string },
): string {
  const isOwn = (metadata: ObjectMeta | undefined) => metadata?.namespace === namespace && metadata.name === name;
  const [current] = services.filter(({ metadata }) => isOwn(metadata)).flatMap(addressesOf);
  if (current !== undefined) return current;
  const taken = new Set(services.flatMap(addressesOf));
  const digest = createHash('sha256').update(`${namespace}/${name}`).digest();
  const first = digest.readUInt32BE() % pool.length;
  const free = [...pool.slice(first), ...pool.slice(0, first)].find((address) => !taken.has(address));
  if (free === undefined) throw new Error(`all ${String(pool.length)} addresses for load balancers are taken`);
  return free;
}

function addressesOf({ metadata, status }: Pick<Service, 'metadata' | 'status'>): string[] {
  const given = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  return [...given, ...(metadata?.annotations?.[ADDRESS_ANNOTATION]?.split(',') ?? [])];
}
