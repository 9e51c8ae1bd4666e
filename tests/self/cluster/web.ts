import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '../../../fixtures/test.ts';
import { pushImage } from '../../../helpers/cluster/embedded/images.ts';
import { debianFolder } from '../../../helpers/cluster/embedded/packages.ts';
import { ensureParts } from '../../../helpers/cluster/ensure.ts';
import type { ClusterAccess, ClusterPart } from '../../../helpers/cluster/provider.ts';
import type { Options } from '../../../helpers/config/options.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { waitForReadyPods } from '../../../helpers/kubernetes/wait.ts';

/** Pods that talk HTTP, for tests of what stands between them and their clients. */

/** Long enough for pods to start on a busy machine, in ms. */
export const PATIENCE_MS = 180_000;

interface Cluster {
  cluster: ClusterAccess;
  options: Options;
}

/** The embedded cluster gets the parts; one that somebody else has made has them or has them not, and then nothing is tried. */
export async function withParts(
  parts: ClusterPart[],
  { cluster, options }: Cluster,
  work: (cluster: ClusterAccess) => Promise<void>,
): Promise<void> {
  const access = await ensureParts(cluster, parts, { options, progress: () => undefined });
  if (access.provider === 'embedded') {
    expect(access.parts).toEqual(expect.arrayContaining(parts));
    await work(access);
  }
}

/** An image of a shell and a web server that can do nothing but hand out files. */
export async function webImage({ cluster, options }: Cluster): Promise<string> {
  const { registry, crane } = cluster;
  if (registry === undefined || crane === undefined) throw new Error('only a cluster with a registry gets this image');
  const busybox = join(debianFolder(options.cacheFolder), 'bin/busybox');
  const files = Object.fromEntries(['sh', 'httpd'].map((name) => [`/bin/${name}`, busybox]));
  return pushImage(
    registry.push,
    crane,
    { name: 'seatrial/test-web', tag: '1', files, entrypoint: '/bin/sh' },
    () => undefined,
  );
}

export interface Web {
  name: string;
  image: string;
  /** Files below / and what is in them, as words of a shell: `$HOSTNAME` is the name of the pod. */
  files: Record<string, string>;
  replicas?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What a controller makes pods of that serve files at port 8080. */
export function webTemplate({ image, files, labels = {}, annotations = {} }: Omit<Web, 'name' | 'replicas'>) {
  const writes = Object.entries(files).map(
    ([file, text]) => `echo "${text.replaceAll('"', String.raw`\"`)}" > /www/${file}`,
  );
  const script = [...writes, 'exec /bin/httpd -f -p 8080 -h /www'].join('\n');
  const container = {
    name: 'web',
    image,
    command: ['/bin/sh', '-c', script],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
    volumeMounts: [{ name: 'www', mountPath: '/www' }],
  };
  return {
    metadata: { labels, annotations },
    spec: { containers: [container], volumes: [{ name: 'www', emptyDir: {} }], terminationGracePeriodSeconds: 0 },
  };
}

/** Pods of a Deployment that serve files at port 8080; returns when they are ready. */
export async function deployWeb(kube: Kube, { name, replicas = 1, labels = {}, ...web }: Web): Promise<void> {
  const matchLabels = { deployment: name };
  await kube.create(kinds.deployment, {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels },
      template: webTemplate({ ...web, labels: { ...matchLabels, ...labels } }),
    },
  });
  const selection = { namespace: kube.namespace ?? '', labelSelector: `deployment=${name}` };
  await waitForReadyPods(kube, selection, { timeoutMs: PATIENCE_MS });
}

/** The text behind a URL, over a connection of its own. */
export async function read(url: string, headers: Record<string, string> = {}): Promise<string> {
  const request = get(url, { headers, agent: false, signal: AbortSignal.timeout(5_000) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${String(response.statusCode)} ${body}`);
  return body.trim();
}
