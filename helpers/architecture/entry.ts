import { once } from 'node:events';
import { connect } from 'node:tls';
import { messageOf } from '../errors.ts';
import type { TargetDeclaration } from '../target/schema.ts';
import type { Entry } from './live.ts';

/** A handshake takes a few round trips. In ms. */
const HANDSHAKE_LIMIT_MS = 10_000;

/** Where clients enter and, when that is over TLS, what a real handshake shows. */
export async function readEntry(url: string, endpoint: TargetDeclaration['mcp']['endpoint']): Promise<Entry> {
  const service = 'service' in endpoint ? { service: endpoint.service } : {};
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return { url, ...service };
  return { url, ...service, handshake: await handshake(hostname, port === '' ? 443 : Number(port)) };
}

async function handshake(host: string, port: number): Promise<NonNullable<Entry['handshake']>> {
  // The certificate is looked at whether or not it is trusted; nothing is sent.
  const socket = connect({ host, port, servername: host, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_LIMIT_MS) });
    const validTo = socket.getPeerCertificate().valid_to;
    const found = { protocol: socket.getProtocol(), trusted: socket.authorized, validTo };
    return socket.authorized ? found : { ...found, error: messageOf(socket.authorizationError) };
  } catch (thrown) {
    return { protocol: null, trusted: false, error: messageOf(thrown), validTo: '' };
  } finally {
    socket.destroy();
  }
}
