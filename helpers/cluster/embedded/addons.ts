import { readFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig, KubernetesObjectApi, type KubernetesObject } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { waitUntil } from '../../wait.ts';
import type { ClusterImages } from './images.ts';
import type { Layout } from './layout.ts';

function client(cluster: Layout): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return config;
}

/** Creates DNS and storage on a fresh cluster. */
export async function createAddons(cluster: Layout, images: ClusterImages, nodes: number): Promise<void> {
  const values: Record<string, string> = {
    REPLICAS: String(Math.min(nodes, 2)),
    DNS_ADDRESS: cluster.addresses.dns,
    COREDNS_IMAGE: images.coredns,
    PROVISIONER_IMAGE: images.provisioner,
    BUSYBOX_IMAGE: images.busybox,
  };
  const api = KubernetesObjectApi.makeApiClient(client(cluster));
  for (const object of ['coredns.yaml', 'local-path-provisioner.yaml'].flatMap((name) => manifest(name, values)))
    await api.create(object);
}

/** Objects of a file in `manifests/`, with `${NAME}` replaced by the values. */
export function manifest(name: string, values: Record<string, string>): KubernetesObject[] {
  const text = readFileSync(join(import.meta.dirname, 'manifests', name), 'utf8').replace(
    /\$\{([A-Z_]+)\}/g,
    (whole, key: string) => values[key] ?? whole,
  );
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
}

/** Waits until all `nodes` are Ready. */
export async function awaitNodes(cluster: Layout, nodes: number): Promise<void> {
  const api = client(cluster).makeApiClient(CoreV1Api);
  const ready = async () => {
    const { items } = await api.listNode();
    return items.filter((node) =>
      node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    ).length;
  };
  await waitUntil(`${String(nodes)} nodes are Ready`, async () => (await ready()) >= nodes, {
    timeoutMs: 90_000,
    everyMs: 100,
  });
}

/** Waits until the cluster's DNS answers a real question at its service address. */
export async function awaitDns(cluster: Layout): Promise<void> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([cluster.addresses.dns]);
  const answers = async () =>
    (await resolver.resolve4('kubernetes.default.svc.cluster.local')).includes(cluster.addresses.kubernetesService);
  await waitUntil('DNS answers', answers, { timeoutMs: 90_000, everyMs: 100 });
}
