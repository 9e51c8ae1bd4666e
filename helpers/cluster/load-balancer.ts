import { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Node, Service } from '../kubernetes/resources.ts';

/** Clouds whose controllers give Services an address, by the scheme of a node's `providerID`. */
const clouds = [
  'aws',
  'azure',
  'digitalocean',
  'gce',
  'hcloud',
  'ibm',
  'linode',
  'oci',
  'openstack',
  'scaleway',
  'vultr',
];
/** Served where MetalLB is installed. */
const metallbGroup = 'metallb.io';

/** Whether something gives Services of type LoadBalancer an address. Nothing announces it, so it is concluded, and nothing is tried. */
export async function loadBalancerIsThere(kube: Kube): Promise<boolean> {
  const [services, nodes, { groups }] = await Promise.all([
    new Kube(kube.config).list(kinds.service),
    kube.list(kinds.node),
    kube.request<{ groups: { name: string }[] }>('/apis'),
  ]);
  return givesAddresses({ services: services.items, nodes: nodes.items, groups: groups.map(({ name }) => name) });
}

/** Some Service has got an address, or MetalLB is installed, or the nodes are a cloud's. Pure. */
export function givesAddresses(facts: {
  services: readonly Service[];
  nodes: readonly Node[];
  groups: readonly string[];
}): boolean {
  return (
    facts.groups.includes(metallbGroup) ||
    facts.services.some(
      ({ spec, status }) => spec?.type === 'LoadBalancer' && (status?.loadBalancer?.ingress ?? []).length > 0,
    ) ||
    facts.nodes.some(({ spec }) => clouds.includes((spec?.providerID ?? '').split('://')[0] ?? ''))
  );
}
