import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { bridge, infraNamespace, type Layout, type NodeLayout } from './layout.ts';

/**
 * A connection that has ended, or never began, is forgotten by a node after so many seconds. As long as it is not, another one with the same
 * ports goes to the same pod, even when that is gone: experiments come one after the other on the same address, each with thousands of
 * connections, and Linux's two minutes and kube-proxy's hour are longer than what lies between them.
 */
export const FORGET_AFTER_S = 5;
const endings = ['close', 'close_wait', 'fin_wait', 'last_ack', 'syn_recv', 'syn_sent', 'time_wait'];

const ip = (...args: string[]) => execa('ip', args);

/** Makes the bridge, and a network namespace with one cable to it for the registry and for each node. The machine's firewall stays as it is. */
export async function makeNetwork({ addresses }: Layout, nodes: NodeLayout[]): Promise<void> {
  // Its settings are there only once it is. Where it is built into the kernel there is nothing to load.
  await execa('modprobe', ['nf_conntrack'], { reject: false });
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('address', 'add', `${addresses.host}/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  await makeNamespace(infraNamespace, addresses.infra, addresses.host);
  for (const node of nodes) {
    await makeNamespace(node.name, node.address, addresses.host);
    await inNamespace(node.name, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    const forget = endings.map(
      (ending) => `net.netfilter.nf_conntrack_tcp_timeout_${ending}=${String(FORGET_AFTER_S)}`,
    );
    await inNamespace(node.name, ['sysctl', '-eqw', ...forget]);
    await ip('route', 'add', node.podSubnet, 'via', node.address);
  }
  const [first] = nodes;
  // Service addresses work from this machine too: the first node forwards them.
  if (first !== undefined) await ip('route', 'add', addresses.services, 'via', first.address);
  for (const node of nodes) {
    for (const peer of nodes.filter((other) => other !== node)) {
      await inNamespace(node.name, ['ip', 'route', 'add', peer.podSubnet, 'via', peer.address]);
    }
  }
}

async function makeNamespace(name: string, address: string, gateway: string): Promise<void> {
  await ip('netns', 'add', name);
  await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  await ip('link', 'set', name, 'master', bridge, 'up');
  await inNamespace(name, ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);
  await inNamespace(name, ['ip', 'link', 'set', 'eth0', 'up']);
  await inNamespace(name, ['ip', 'link', 'set', 'lo', 'up']);
  await inNamespace(name, ['ip', 'route', 'add', 'default', 'via', gateway]);
}

/** `nsenter` rather than `ip netns exec`: the latter mounts /sys anew and hides the cgroups. */
export function namespaceCommand(name: string, command: string[]): [string, string[]] {
  return ['nsenter', [`--net=/run/netns/${name}`, ...command]];
}

async function inNamespace(name: string, command: string[]): Promise<void> {
  await execa(...namespaceCommand(name, command));
}

/** Names of the cluster's network namespaces that exist. */
export function existingNamespaces(): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => /^seatrial-(infra|\d+)$/.test(name));
  } catch {
    return [];
  }
}

/** Ids of the processes whose network namespace is `name`: nothing else on the machine can be in it. */
export function namespacePids(name: string): number[] {
  const { ino } = statSync(`/run/netns/${name}`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => networkOf(pid) === `net:[${String(ino)}]`);
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`);
  } catch {
    return undefined;
  }
}

/** Names of the cluster's bridge and cables that exist on the host's side. */
export function existingLinks(): string[] {
  return readdirSync('/sys/class/net').filter((name) => name === bridge || /^seatrial-(infra|\d+)$/.test(name));
}

/**
 * Removes the cables, the network namespaces and the bridge (its routes go with it). The cables go first and by name: the kernel
 * keeps an unnamed namespace, and with it the cable, as long as a closed connection lingers in it.
 */
export async function removeNetwork(): Promise<void> {
  for (const name of existingLinks()) await ip('link', 'delete', name);
  for (const name of existingNamespaces()) await ip('netns', 'delete', name);
}
