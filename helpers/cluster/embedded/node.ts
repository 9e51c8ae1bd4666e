import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { waitUntil } from '../../wait.ts';
import { makeCgroup } from './cgroups.ts';
import { apiPort, contextName, registryName, registryPort, type Layout, type NodeLayout } from './layout.ts';
import { FORGET_AFTER_S } from './network.ts';
import { startDaemon } from './process.ts';
import { kubeconfig, makeIdentity, type Authority } from './pki.ts';

/** What every node needs to know. */
export interface NodeContext {
  cluster: Layout;
  authority: Authority;
  /** Address of the first node, where the API server listens. */
  apiServer: string;
  /** Folders of the commands. */
  bin: { kubernetes: string; containerd: string; pause: string; runc: string };
}

/**
 * The first process of a node. In namespaces of its own (mounts, processes, host name, network) it gives the node's daemons
 * the folders that they have on a real machine: everything that they write below /run and /var lands in the node's state
 * folder, and nothing of it shows on the host. When this process ends, the kernel ends every process of the node and
 * drops every mount.
 */
const init = String.raw`
set -eu
hostname "$1"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/node /run/netns
mount --bind "$2" /run/node
cd /run/node && mkdir -p var work containerd kubelet volumes
mount -t overlay -o lowerdir=/var,upperdir=/run/node/var,workdir=/run/node/work overlay /var
mkdir -p /var/lib/containerd /var/lib/kubelet /var/lib/volumes
mount --bind /run/node/containerd /var/lib/containerd
mount --bind /run/node/kubelet /var/lib/kubelet
mount --make-rshared /
mount --bind /run/node/volumes /var/lib/volumes
cd /
echo ready > /run/node/ready
exec "$3"
`;

/** Brings one node's namespaces, cgroup and container runtime up. Kubelet and kube-proxy come later: they need the API server. */
export async function startNode(node: NodeLayout, context: NodeContext): Promise<void> {
  mkdirSync(node.state, { recursive: true });
  makeCgroup(node.name);
  await writeNodeFiles(node, context);
  const unshare = ['unshare', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  const parent = startDaemon({
    name: `${node.name}.init`,
    network: node.name,
    command: [...unshare, '/bin/sh', '-c', init, 'node', node.name, node.state, join(context.bin.pause, 'pause')],
    logs: context.cluster.logs,
  });
  await waitUntil(`${node.name} has its namespaces`, () => existsSync(join(node.state, 'ready')), {
    timeoutMs: 10_000,
  });
  // unshare forks: its only child is the node's process 1.
  const [child] = readFileSync(`/proc/${String(parent)}/task/${String(parent)}/children`, 'utf8')
    .trim()
    .split(' ');
  writeFileSync(node.initPid, child ?? '');
  startOnNode(node, context, 'containerd', [
    join(context.bin.containerd, 'containerd'),
    '--config',
    '/run/node/containerd.toml',
  ]);
}

/** Starts kubelet and kube-proxy; the API server must answer by now. */
export function joinNode(node: NodeLayout, context: NodeContext): void {
  const command = (name: string) => join(context.bin.kubernetes, name);
  startOnNode(node, context, 'kubelet', [
    command('kubelet'),
    '--config=/run/node/kubelet.yaml',
    '--kubeconfig=/run/node/kubelet.kubeconfig',
    `--hostname-override=${node.name}`,
    `--node-ip=${node.address}`,
  ]);
  startOnNode(node, context, 'kube-proxy', [
    command('kube-proxy'),
    '--kubeconfig=/run/node/proxy.kubeconfig',
    `--cluster-cidr=${context.cluster.addresses.pods}`,
    `--hostname-override=${node.name}`,
    '--proxy-mode=nftables',
    // Connection tracking limits belong to the machine, not to a network namespace.
    '--conntrack-max-per-core=0',
    // It would set an hour.
    `--conntrack-tcp-timeout-close-wait=${String(FORGET_AFTER_S)}s`,
  ]);
}

function startOnNode(node: NodeLayout, { cluster, bin }: NodeContext, name: string, command: string[]): void {
  const pid = readFileSync(node.initPid, 'utf8');
  startDaemon({
    name: `${node.name}.${name}`,
    network: node.name,
    command: ['nsenter', `--target=${pid}`, '--mount', '--uts', '--ipc', '--pid', '--wd=/', ...command],
    logs: cluster.logs,
    env: { PATH: `${bin.containerd}:${bin.runc}:/usr/sbin:/usr/bin:/sbin:/bin`, GOGC: '50' },
  });
}

async function writeNodeFiles(node: NodeLayout, { cluster, authority, apiServer }: NodeContext): Promise<void> {
  const write = (name: string, text: string) => {
    writeFileSync(join(node.state, name), text, { mode: 0o600 });
  };
  const server = `https://${apiServer}:${String(apiPort)}`;
  const identities = {
    kubelet: await makeIdentity(authority, { name: `system:node:${node.name}`, group: 'system:nodes' }),
    proxy: await makeIdentity(authority, { name: 'system:kube-proxy' }),
    serving: await makeIdentity(authority, { name: node.name, addresses: [node.address], hosts: [node.name] }),
  };
  write('kubelet.kubeconfig', kubeconfig({ server, authority, identity: identities.kubelet, context: contextName }));
  write('proxy.kubeconfig', kubeconfig({ server, authority, identity: identities.proxy, context: contextName }));
  write('serving.crt', identities.serving.certificate);
  write('serving.key', identities.serving.key);
  write('ca.crt', authority.pem);
  write('resolv.conf', `nameserver ${cluster.addresses.host}\n`);
  write('containerd.toml', containerdConfig());
  write('kubelet.yaml', stringify(kubeletConfig(node, cluster)));
  mkdirSync(join(node.state, 'cni'), { recursive: true });
  write('cni/10-seatrial.conflist', JSON.stringify(cniConfig(node)));
  const registry = join(node.state, 'registries', registryName);
  mkdirSync(registry, { recursive: true });
  writeFileSync(join(registry, 'hosts.toml'), `server = "http://${cluster.addresses.infra}:${String(registryPort)}"\n`);
}

function containerdConfig(): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${registryName}/seatrial/pause:1"
[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/run/node/registries"
[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE runc cannot lower a score below its own.
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "/run/node/cni"
`;
}

function kubeletConfig(node: NodeLayout, { addresses }: Layout) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/run/node/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: '/run/node/serving.crt',
    tlsPrivateKeyFile: '/run/node/serving.key',
    clusterDNS: [addresses.dns],
    clusterDomain: 'cluster.local',
    cgroupDriver: 'cgroupfs',
    // Two kubelets with one cgroup root end each other's pods.
    cgroupRoot: `/${node.name}`,
    failSwapOn: false,
    failCgroupV1: false,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    resolvConf: '/run/node/resolv.conf',
    // Images are pulled side by side: a trial's first call should not wait for an unrelated image.
    serializeImagePulls: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '200Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  };
}

function cniConfig(node: NodeLayout) {
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: node.podSubnet }]],
    routes: [{ dst: '0.0.0.0/0' }],
    dataDir: '/run/cni-addresses',
  };
  return {
    cniVersion: '1.0.0',
    name: 'seatrial',
    plugins: [
      { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, hairpinMode: true, ipam },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}
