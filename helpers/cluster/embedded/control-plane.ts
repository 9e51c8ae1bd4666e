import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { waitUntil } from '../../wait.ts';
import { apiPort, contextName, type Layout, type NodeLayout } from './layout.ts';
import {
  kubeconfig,
  makeAuthority,
  makeIdentity,
  makeTokenKeys,
  privatePem,
  saveIdentity,
  type Authority,
  type Identity,
} from './pki.ts';
import { logTail, startDaemon } from './process.ts';

/** Makes every key and certificate of the control plane, and the kubeconfigs that are made of them. */
export async function makeControlPlaneFiles(cluster: Layout, first: NodeLayout): Promise<Authority> {
  const { pki, addresses } = cluster;
  mkdirSync(pki, { recursive: true, mode: 0o700 });
  const [authority, frontProxy, tokens] = await Promise.all([
    makeAuthority('seatrial'),
    makeAuthority('seatrial-front-proxy'),
    makeTokenKeys(),
  ]);
  const identity = (name: string, group?: string) =>
    makeIdentity(authority, { name, ...(group === undefined ? {} : { group }) });
  const server = `https://${first.address}:${String(apiPort)}`;
  const saveKubeconfig = (file: string, user: Identity) => {
    writeFileSync(file, kubeconfig({ server, authority, identity: user, context: contextName }), { mode: 0o600 });
  };
  saveIdentity(pki, 'ca', { certificate: authority.pem, key: await privatePem(authority.keys) });
  saveIdentity(pki, 'sa', { certificate: tokens.publicKey, key: tokens.privateKey });
  writeFileSync(join(pki, 'front-proxy-ca.crt'), frontProxy.pem);
  saveIdentity(pki, 'front-proxy', await makeIdentity(frontProxy, { name: 'front-proxy-client' }));
  saveIdentity(pki, 'etcd', await makeIdentity(authority, { name: 'etcd', addresses: ['127.0.0.1'] }));
  saveIdentity(
    pki,
    'apiserver',
    await makeIdentity(authority, {
      name: 'kube-apiserver',
      addresses: [first.address, addresses.kubernetesService, '127.0.0.1'],
      hosts: [
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.cluster.local',
        'localhost',
      ],
    }),
  );
  saveIdentity(pki, 'kubelet-client', await identity('kube-apiserver-kubelet-client', 'system:masters'));
  saveKubeconfig(cluster.kubeconfig, await identity('seatrial-admin', 'system:masters'));
  // An administrator: with a service account for each of its controllers it would start four seconds later.
  saveKubeconfig(
    join(pki, 'controller-manager.kubeconfig'),
    await identity('system:kube-controller-manager', 'system:masters'),
  );
  saveKubeconfig(join(pki, 'scheduler.kubeconfig'), await identity('system:kube-scheduler'));
  return authority;
}

/** Starts etcd and the API server and waits until it is ready to serve. */
export async function startApiServer(cluster: Layout, first: NodeLayout, kubernetes: string): Promise<void> {
  const { pki, addresses, logs } = cluster;
  const file = (name: string) => join(pki, name);
  start(cluster, first, kubernetes, 'etcd', [
    `--data-dir=${cluster.etcd}`,
    '--listen-client-urls=https://127.0.0.1:2379',
    '--advertise-client-urls=https://127.0.0.1:2379',
    '--listen-peer-urls=http://127.0.0.1:2380',
    `--cert-file=${file('etcd.crt')}`,
    `--key-file=${file('etcd.key')}`,
    '--client-cert-auth',
    `--trusted-ca-file=${file('ca.crt')}`,
    // The cluster lives for a run: what a power cut would lose is lost anyway.
    '--unsafe-no-fsync',
  ]);
  start(cluster, first, kubernetes, 'kube-apiserver', [
    `--advertise-address=${first.address}`,
    `--secure-port=${String(apiPort)}`,
    '--etcd-servers=https://127.0.0.1:2379',
    `--etcd-cafile=${file('ca.crt')}`,
    `--etcd-certfile=${file('etcd.crt')}`,
    `--etcd-keyfile=${file('etcd.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--service-account-key-file=${file('sa.crt')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-cluster-ip-range=${addresses.services}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged',
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    `--proxy-client-cert-file=${file('front-proxy.crt')}`,
    `--proxy-client-key-file=${file('front-proxy.key')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    // An acceptance trial is not profiled; each of these costs memory or start-up time.
    '--profiling=false',
  ]);
  try {
    await waitUntil('the API server is ready', () => isReady(first.address), { timeoutMs: 90_000 });
  } catch (thrown) {
    throw new Error(`${String(thrown)}\n${logTail(logs, 'kube-apiserver')}`, { cause: thrown });
  }
}

/** The other two: started only now, since a controller-manager that finds the roles not yet made gives up. */
export function startControllers(cluster: Layout, first: NodeLayout, kubernetes: string): void {
  const file = (name: string) => join(cluster.pki, name);
  const credentials = (name: string) =>
    ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((flag) => `--${flag}=${file(name)}`);
  start(cluster, first, kubernetes, 'kube-controller-manager', [
    ...credentials('controller-manager.kubeconfig'),
    `--client-ca-file=${file('ca.crt')}`,
    `--cluster-signing-cert-file=${file('ca.crt')}`,
    `--cluster-signing-key-file=${file('ca.key')}`,
    `--root-ca-file=${file('ca.crt')}`,
    `--service-account-private-key-file=${file('sa.key')}`,
    '--leader-elect=false',
    // A trial makes and removes many namespaces, often several at once.
    '--concurrent-namespace-syncs=20',
    '--profiling=false',
  ]);
  start(cluster, first, kubernetes, 'kube-scheduler', [
    ...credentials('scheduler.kubeconfig'),
    '--leader-elect=false',
    '--profiling=false',
  ]);
}

function start(
  { logs }: Layout,
  { name: network }: NodeLayout,
  kubernetes: string,
  name: string,
  args: string[],
): void {
  startDaemon({ name, network, command: [join(kubernetes, name), ...args], logs, env: { GOGC: '50' } });
}

/** /readyz needs no credentials; who answers is settled by the client certificates of everything else. */
export function isReady(address: string): Promise<boolean> {
  const agent = new Agent({ rejectUnauthorized: false });
  return new Promise((resolve) => {
    const request = get({ host: address, port: apiPort, path: '/readyz', agent, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => {
      resolve(false);
    });
    request.on('timeout', () => {
      request.destroy();
    });
  });
}
