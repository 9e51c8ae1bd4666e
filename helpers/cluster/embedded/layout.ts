import { join } from 'node:path';
import type { EmbeddedOptions } from './options.ts';

/** Names that are the same on every machine: one embedded cluster a machine. */
export const bridge = 'seatrial0';
export const infraNamespace = 'seatrial-infra';
export const contextName = 'seatrial-embedded';
/** Name under which the cluster's nodes know its registry. */
export const registryName = 'registry.seatrial.internal';

/** Where everything of the embedded cluster lies, and which addresses it has. Pure. */
export function layout({
  stateFolder,
  cacheFolder,
  network,
}: Pick<EmbeddedOptions, 'stateFolder' | 'cacheFolder' | 'network'>) {
  const state = join(stateFolder, 'embedded');
  return {
    state,
    /** Facts of the cluster that is up; absent when there is none. */
    facts: join(state, 'cluster.json'),
    lock: join(stateFolder, 'embedded.lock'),
    /** Outside `state`: leases are taken before the cluster is made, and outlive one that is made anew. */
    leases: join(stateFolder, 'embedded-leases'),
    pki: join(state, 'pki'),
    kubeconfig: join(state, 'kubeconfig'),
    logs: join(state, 'logs'),
    etcd: join(state, 'etcd'),
    registryStorage: join(cacheFolder, 'registry'),
    addresses: {
      nodes: `${network}.0.0/24`,
      host: `${network}.0.254`,
      infra: `${network}.0.253`,
      /** Of Services of type LoadBalancer: in the same network as the nodes and this machine, and given to nobody else. */
      loadBalancers: Array.from({ length: 100 }, (_, index) => `${network}.0.${String(100 + index)}`),
      services: `${network}.128.0/17`,
      kubernetesService: `${network}.128.1`,
      dns: `${network}.128.10`,
      pods: `${network}.16.0/20`,
    },
  };
}

export type Layout = ReturnType<typeof layout>;

/** Name, addresses and folders of node number `index` (from 1). Pure. */
export function nodeLayout(cluster: Layout, network: string, index: number) {
  const name = `seatrial-${String(index)}`;
  const state = join(cluster.state, 'nodes', name);
  return {
    index,
    /** Also the name of its network namespace and of its cgroup. */
    name,
    address: `${network}.0.${String(index)}`,
    podSubnet: `${network}.${String(16 + index)}.0/24`,
    state,
    kubeconfig: join(state, 'kubelet.kubeconfig'),
    /** Pid of the node's first process: when it ends, the kernel ends everything on the node. */
    initPid: join(state, 'init.pid'),
  };
}

export type NodeLayout = ReturnType<typeof nodeLayout>;

export const registryPort = 5000;
export const apiPort = 6443;
