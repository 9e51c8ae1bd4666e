import type { Architecture, Store } from '../schema.ts';
import type { Live, LiveStore } from '../live.ts';
import { objectOf, selects, unlessWaived } from './rows.ts';
import type { AspectId, Row } from './rows.ts';

/** PostgreSQL's modes that fail rather than go on without TLS. */
const POSTGRES_TLS = ['require', 'verify-ca', 'verify-full'];

export function storesExternal(declared: Architecture, live: Live): Row[] {
  return ofStores(declared, 'stores-external', (store) =>
    unlessWaived<object>(store.external === true ? {} : store.external, at('stores-external', store), () => {
      const recommended = 'not one of the pods that the release brings';
      const found = foundOf(store, live);
      if ('row' in found) return [{ ...at('stores-external', store), recommended, ...found.row }];
      const { host = '', variable } = found.live;
      const bundled = bundledAt(host, live);
      const where = `${store.usedBy} env[${variable}]`;
      return bundled === undefined
        ? [{ ...at('stores-external', store), recommended, found: host, where, state: 'ok' }]
        : [
            {
              ...at('stores-external', store),
              recommended,
              found: `${host} is ${bundled.behind}`,
              where: `${where} → Service/${bundled.service}`,
              state: 'differs',
            },
          ];
    }),
  );
}

export function storesTls(declared: Architecture, live: Live): Row[] {
  return ofStores(declared, 'stores-tls', (store) =>
    unlessWaived<object>(store.tls === true ? {} : store.tls, at('stores-tls', store), () => {
      const recommended = 'TLS or no connection';
      const found = foundOf(store, live);
      if ('row' in found) return [{ ...at('stores-tls', store), recommended, ...found.row }];
      const { says, ok } = tlsOf(store, found.live);
      const where = `${store.usedBy} env[${found.live.variable}]`;
      return [{ ...at('stores-tls', store), recommended, found: says, where, state: ok ? 'ok' : 'differs' }];
    }),
  );
}

function at(aspect: AspectId, { name }: Store) {
  return { aspect, subject: name };
}

function ofStores({ stores }: Architecture, aspect: AspectId, compare: (store: Store) => Row[]): Row[] {
  return unlessWaived(stores, { aspect, subject: 'stores' }, (declared) => declared.flatMap(compare));
}

/** What the environment says about a store, or the row that tells that it says nothing. */
function foundOf(
  store: Store,
  { stores }: Live,
): { live: LiveStore } | { row: Pick<Row, 'found' | 'where' | 'state'> } {
  const live = stores.find(({ name }) => name === store.name);
  const variable = 'url' in store.connection ? store.connection.url : store.connection.host;
  const where = `${store.usedBy} env[${live?.variable ?? variable}]`;
  if (live === undefined) return { row: { found: 'was not looked for', where, state: 'unknown' } };
  if (live.host === undefined) return { row: { found: 'not set: there is none', where, state: 'differs' } };
  return { live };
}

/** The Service of the namespace that a host name leads to, and the pods behind it. */
function bundledAt(host: string, live: Live): { service: string; behind: string } | undefined {
  const service = live.services.find(
    ({ name }) => host === name || `${host}.`.startsWith(`${name}.${live.namespace}.`),
  );
  const selector = service?.spec?.selector ?? {};
  if (service === undefined || Object.keys(selector).length === 0) return undefined;
  const behind = live.workloads.filter(({ template }) => selects({ matchLabels: selector }, template.labels));
  const names = behind.length === 0 ? 'a Service of pods in the namespace' : behind.map(objectOf).join(', ');
  return { service: service.name, behind: names };
}

function tlsOf({ kind, connection }: Store, { scheme = '', tls }: LiveStore): { says: string; ok: boolean } {
  const [[name, value] = ['', '']] = Object.entries(tls);
  if (!('url' in connection)) {
    return {
      says: value === '' ? `${connection.tls} is not set` : `${name}=${value}`,
      ok: connection.tlsValues.includes(value),
    };
  }
  if (kind === 'redis') return { says: `${scheme}://`, ok: scheme === 'rediss' };
  const mode = tls.sslmode ?? tls.ssl ?? tls['ssl-mode'] ?? '';
  if (kind === 'postgresql')
    return { says: mode === '' ? 'no sslmode' : `sslmode=${mode}`, ok: POSTGRES_TLS.includes(mode) };
  return {
    says: mode === '' ? `${scheme}:// without TLS parameters` : `${name}=${value}`,
    ok: mode !== '' && mode !== 'false' && mode !== 'disable',
  };
}
