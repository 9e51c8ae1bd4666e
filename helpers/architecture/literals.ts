import type { Literal, LiveStore } from './live.ts';

/** What a value is like, so that the value itself need not be recorded. */
export function literalOf(value: string): Literal {
  if (value === '') return 'empty';
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'number';
  if (/^(true|false|yes|no|on|off|enabled|disabled|null|none)$/i.test(value)) return 'switch';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return 'private key';
  if (hasPassword(value)) return 'password in a URL';
  if (/^\.{0,2}\/[\w./-]+$/.test(value)) return 'path';
  return 'text';
}

/** A reference to another variable (`$(PASSWORD)`) is none. */
function hasPassword(value: string): boolean {
  const password = URL.canParse(value) ? new URL(value).password : '';
  return password !== '' && !/^(\$|%24)(\(|%28)/i.test(password);
}

/** Parameters of connection URLs that are about TLS. */
const TLS_PARAMETERS = ['sslmode', 'ssl', 'ssl-mode', 'tls', 'ssl_cert_reqs'];

/** Where a connection URL leads and whether over TLS; user and password are left out. Nothing, when it is no URL with a host. */
export function connectionOf(url: string): Pick<LiveStore, 'host' | 'scheme' | 'tls'> {
  if (!URL.canParse(url)) return { tls: {} };
  const { protocol, hostname, searchParams } = new URL(url);
  if (hostname === '') return { tls: {} };
  const tls = [...searchParams].filter(([name]) => TLS_PARAMETERS.includes(name.toLowerCase()));
  return {
    scheme: protocol.slice(0, -1),
    host: hostname,
    tls: Object.fromEntries(tls.map(([name, value]) => [name.toLowerCase(), value])),
  };
}
