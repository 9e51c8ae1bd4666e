import { connect } from 'node:net';
import { UserError } from '../../errors.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { urlFromEnvironment } from '../../mcp/endpoint.ts';
import type { SecretValues } from '../../mcp/token.ts';
import type { Target } from '../../target/schema.ts';
import { waitUntil } from '../../wait.ts';

type Worker = NonNullable<Target['worker']>;

/** A worker that is ready answers at once; a route that is not there never does. In ms. */
const REACH_LIMIT_MS = 20_000;

/** The Service's own address, as the gateway reaches it. @throws UserError when there is no such Service or port. */
export async function serviceUrl(
  kube: Kube,
  { service: name, port }: { service: string; port: string | number },
): Promise<string> {
  const { items } = await kube.list(kinds.service);
  const service = items.find(({ metadata }) => metadata?.name === name);
  const found = service?.spec?.ports?.find((candidate) => candidate.name === port || candidate.port === port);
  const address = service?.spec?.clusterIP;
  if (found === undefined || address === undefined || address === 'None') {
    throw new UserError({
      what:
        service === undefined
          ? `The namespace has no Service "${name}"`
          : `Service "${name}" has no address with the port ${String(port)}`,
      where: 'worker.endpoint',
      fix: 'name the Service of the worker and its port',
    });
  }
  return `http://${address.includes(':') ? `[${address}]` : address}:${String(found.port)}`;
}

/** @throws UserError when nothing at that address takes a connection from this machine. */
export async function requireRoute(url: string, signal: AbortSignal): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  try {
    await waitUntil(
      `${url} takes a connection`,
      () =>
        canConnect(hostname.replaceAll(/[[\]]/g, ''), Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port)),
      { timeoutMs: REACH_LIMIT_MS, signal },
    );
  } catch {
    signal.throwIfAborted();
    throw new UserError({
      what: `This machine does not reach the worker at ${url}`,
      where: 'worker.endpoint',
      fix: 'run the trial where addresses of Services are routed, or give an address that is, with worker.endpoint.env',
    });
  }
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => {
      end(true);
    });
    for (const event of ['error', 'timeout'])
      socket.once(event, () => {
        end(false);
      });
  });
}

/** Where the worker is, when the target says it by the environment. */
export function declaredUrl({ endpoint }: Worker): string | undefined {
  return 'env' in endpoint ? urlFromEnvironment(endpoint.env, 'worker.endpoint.env') : undefined;
}

/** @throws UserError when the variable is not set. That a Secret is declared was seen before. */
export function secretOf(
  { secret }: Worker,
  secrets: SecretValues,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const value = 'env' in secret ? env[secret.env] : secrets.get(secret.secret)?.[secret.key];
  if (value !== undefined && value !== '') return value;
  throw new UserError({
    what:
      'env' in secret
        ? `The environment variable ${secret.env} is not set`
        : `There is no Secret "${secret.secret}" with the key "${secret.key}"`,
    where: 'worker.secret',
    fix: 'give the secret with which the gateway signs its tokens for the worker',
  });
}
