import { UserError } from '../errors.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Node, Pod, Service } from '../kubernetes/resources.ts';
import { waitFor } from '../kubernetes/wait.ts';
import type { TargetDeclaration } from '../target/schema.ts';

type Endpoint = TargetDeclaration['mcp']['endpoint'];
type ServiceEndpoint = Extract<Endpoint, { service: string }>;

/** Clouds take a minute or two to hand out an address, in ms. */
const LOAD_BALANCER_LIMIT_MS = 5 * 60_000;

/**
 * The URL at which clients outside of the cluster enter. No port is forwarded: that would put the API server on the path that is measured.
 * @param kube bound to the trial namespace.
 * @throws UserError when the Service, its port or its address is not there.
 */
export async function resolveEndpoint(kube: Kube, endpoint: Endpoint, signal?: AbortSignal): Promise<string> {
  if ('url' in endpoint) return endpoint.url;
  if ('env' in endpoint) return urlFromEnvironment(endpoint.env, 'mcp.endpoint.env');
  const services = await kube.list(kinds.service, {}, signal);
  const service = services.items.find(({ metadata }) => metadata?.name === endpoint.service);
  if (service === undefined) {
    throw new UserError({
      what: `The namespace has no Service "${endpoint.service}"; it has ${services.items.map(({ metadata }) => metadata?.name).join(', ') || 'none'}`,
      where: 'mcp.endpoint.service',
      fix: 'name the Service of the gateway',
    });
  }
  const port = portOf(service, endpoint);
  const { type } = service.spec ?? {};
  if (type === 'LoadBalancer') return urlOf(await loadBalancerAddress(kube, endpoint, signal), port.port, endpoint);
  if (type === 'NodePort' && port.nodePort !== undefined) {
    const nodes = await kube.list(kinds.node, {}, signal);
    const local = service.spec?.externalTrafficPolicy === 'Local';
    const pods = local ? (await kube.list(kinds.pod, { labelSelector: selectorOf(service) }, signal)).items : undefined;
    return urlOf(nodeAddress(nodes.items, pods), port.nodePort, endpoint);
  }
  throw new UserError({
    what: `Service "${endpoint.service}" is of type ${type ?? 'ClusterIP'}: clients outside of the cluster cannot reach it`,
    where: 'mcp.endpoint.service',
    fix: "make it a NodePort or LoadBalancer in the release's values, or declare mcp.endpoint.url",
  });
}

/** @throws UserError when the variable is not set, holds no URL, or one with a password: histories and reports show where clients enter. */
export function urlFromEnvironment(
  name: string,
  where: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const value = env[name] ?? '';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const hasPassword = url !== undefined && `${url.username}${url.password}` !== '';
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && !hasPassword) return value;
  const wrong = `${name} holds ${hasPassword ? 'a URL with a user name or password, which reports would show' : 'no URL with http:// or https://'}`;
  throw new UserError({
    what: value === '' ? `The environment variable ${name} is not set` : wrong,
    where,
    fix: `set ${name}, e.g. to https://gateway.example.com/mcp`,
  });
}

function portOf(service: Service, { port }: ServiceEndpoint) {
  const ports = service.spec?.ports ?? [];
  const found = ports.find((candidate) => candidate.name === port || candidate.port === port);
  if (found !== undefined) return found;
  throw new UserError({
    what: `Service "${service.metadata?.name ?? ''}" has no port ${String(port)}`,
    where: 'mcp.endpoint.port',
    fix: `use ${ports.map(({ name, port: number }) => (name === undefined ? String(number) : `"${name}" (${String(number)})`)).join(' or ')}`,
  });
}

/**
 * Address of a ready node, one that runs a ready pod when `pods` are given (`externalTrafficPolicy: Local` answers nowhere else).
 * Internal addresses come first: they are reached without a cloud's firewall.
 */
export function nodeAddress(nodes: Node[], pods?: Pod[]): string {
  const hosts = pods?.filter(isReady).map(({ spec }) => spec?.nodeName);
  const ready = nodes.filter(
    ({ metadata, status }) =>
      (hosts === undefined || hosts.includes(metadata?.name)) &&
      status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true,
  );
  const addresses = ready.flatMap(({ status }) => status?.addresses ?? []);
  const found = ['InternalIP', 'ExternalIP'].flatMap((type) => addresses.filter((address) => address.type === type))[0];
  if (found !== undefined) return found.address;
  throw new UserError({
    what: 'No ready node has an address at which a NodePort could be reached',
    where: 'mcp.endpoint',
    fix: 'see `kubectl get nodes -o wide`, or use a Service of type LoadBalancer',
  });
}

async function loadBalancerAddress(
  kube: Kube,
  { service: name }: ServiceEndpoint,
  signal?: AbortSignal,
): Promise<string> {
  const addressOf = (service: Service | undefined) => {
    const [ingress] = service?.status?.loadBalancer?.ingress ?? [];
    return ingress?.ip ?? ingress?.hostname;
  };
  const [service] = await waitFor(
    kube,
    `Service/${name} has an address of a load balancer`,
    { resource: kinds.service, selection: { name } },
    ([found]) => addressOf(found) !== undefined,
    {
      timeoutMs: LOAD_BALANCER_LIMIT_MS,
      signal,
      explain: () => Promise.resolve('the cluster has nothing that serves Services of type LoadBalancer'),
    },
  );
  return addressOf(service) ?? '';
}

function selectorOf(service: Service): string {
  return Object.entries(service.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function urlOf(address: string, port: number, { path }: ServiceEndpoint): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `http://${host}:${String(port)}${path}`;
}
