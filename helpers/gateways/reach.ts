import { once } from 'node:events';
import net from 'node:net';
import { PortForward } from '@kubernetes/client-node';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import type { Target } from '../target/schema.ts';

/** The pods that serve clients, and the port at which they do. */
export interface ServingPods {
  labelSelector: string;
  /** Number, or name of a port of the container. */
  port: number | string;
}

/** How long a pod's address may take to accept a connection before it counts as not routed from here, in ms. */
const CONNECT_LIMIT_MS = 2_000;

/**
 * The pods behind the door where clients enter: those that the target declares, else those of the Service that it names.
 * @throws Error when neither says which they are.
 */
export async function servingPods(kube: Kube, { mcp, changes }: Pick<Target, 'mcp' | 'changes'>): Promise<ServingPods> {
  if (changes?.pods !== undefined) return changes.pods;
  const { endpoint } = mcp;
  if (!('service' in endpoint))
    throw new Error('Nothing says which pods serve clients: declare changes.pods, or a Service in mcp.endpoint');
  const { spec } = await kube.get(kinds.service, { name: endpoint.service });
  const port = spec?.ports?.find(({ name, port: number }) => name === endpoint.port || number === endpoint.port);
  const labelSelector = selectorText(spec?.selector);
  return { labelSelector, port: port?.targetPort ?? port?.port ?? 0 };
}

/** As the API server takes it. */
export function selectorText(labels: Record<string, string> = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/**
 * Ways to single pods: straight to their addresses where those are routed from here, as on the embedded cluster, else through the API
 * server. No traffic whose availability is measured goes this way.
 */
export class PodReach {
  readonly #kube: Kube;
  readonly #port: number | string;
  readonly #forwards = new Map<string, Promise<net.Server>>();
  #direct: Promise<boolean> | undefined;

  constructor(kube: Kube, port: number | string, { direct }: { direct?: boolean } = {}) {
    this.#kube = kube;
    this.#port = port;
    if (direct !== undefined) this.#direct = Promise.resolve(direct);
  }

  /** e.g. `http://10.1.2.3:4444`. The pod has to have an address, and to listen. */
  async baseOf(pod: Pod): Promise<string> {
    const { podIP = '' } = pod.status ?? {};
    const port = portOf(pod, this.#port);
    this.#direct ??= accepts(podIP, port);
    if (await this.#direct) return `http://${podIP.includes(':') ? `[${podIP}]` : podIP}:${String(port)}`;
    const name = pod.metadata?.name ?? '';
    const server = this.#forwards.get(name) ?? forward(this.#kube, name, port);
    this.#forwards.set(name, server);
    const { port: local } = (await server).address() as net.AddressInfo;
    return `http://127.0.0.1:${String(local)}`;
  }

  async close(): Promise<void> {
    const servers = await Promise.allSettled(this.#forwards.values());
    for (const server of servers) if (server.status === 'fulfilled') server.value.close();
  }
}

function portOf({ spec }: Pod, port: number | string): number {
  if (typeof port === 'number') return port;
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = net.connect({ host, port, timeout: CONNECT_LIMIT_MS });
  try {
    await Promise.race([
      once(socket, 'connect'),
      once(socket, 'timeout').then(() => Promise.reject(new Error('late'))),
    ]);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port of this machine behind which is the pod's. */
async function forward(kube: Kube, pod: string, port: number): Promise<net.Server> {
  const forwarder = new PortForward(kube.config);
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    forwarder.portForward(kube.namespace ?? '', pod, [port], socket, null, socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return server;
}
