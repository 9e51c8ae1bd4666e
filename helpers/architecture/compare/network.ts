import type { Architecture } from '../schema.ts';
import type { Live } from '../live.ts';
import { objectOf, selects, unlessWaived } from './rows.ts';
import type { Row, Subject } from './rows.ts';

type Direction = 'Ingress' | 'Egress';

/** As the API server writes it; the generated type calls `from` otherwise. */
interface Rule {
  from?: unknown[];
  to?: unknown[];
  ports?: unknown[];
}

export function networkPolicy({ component, workload, live }: Subject): Row[] {
  const at = { aspect: 'network-policy', subject: component.name } as const;
  return unlessWaived(component.networkPolicy, at, (directions) =>
    directions.map((direction): Row => {
      const recommended = `a NetworkPolicy restricts its ${direction.toLowerCase()}`;
      const policies = live.networkPolicies.filter(
        ({ spec }) => selects(spec?.podSelector, workload.template.labels) && typesOf(spec).includes(direction),
      );
      if (policies.length === 0) {
        const found = `none selects its pods for ${direction.toLowerCase()}`;
        return { ...at, recommended, found, where: objectOf(workload), state: 'differs' };
      }
      const field = direction.toLowerCase() as 'ingress' | 'egress';
      // Policies add up: one that allows everything undoes all others.
      const open = policies.find(({ spec }) => (spec?.[field] ?? []).some((rule) => allowsAll(rule)));
      const names = policies.map(({ name }) => `NetworkPolicy/${name}`).join(', ');
      if (open === undefined) return { ...at, recommended, found: 'restricted', where: names, state: 'ok' };
      const where = `NetworkPolicy/${open.name} spec.${field}`;
      return { ...at, recommended, found: 'a rule allows everything', where, state: 'differs' };
    }),
  );
}

/** What a policy is about: ingress always, egress when it has rules for it, unless it says so itself. */
function typesOf(spec: { policyTypes?: string[]; egress?: unknown[] } | undefined): Direction[] {
  const types = spec?.policyTypes ?? ['Ingress', ...(spec?.egress === undefined ? [] : ['Egress'])];
  return types as Direction[];
}

function allowsAll({ from = [], to = [], ports = [] }: Rule): boolean {
  return from.length === 0 && to.length === 0 && ports.length === 0;
}

/** Kubernetes keeps a NetworkPolicy that nobody enforces without a word; only the network plugin can tell. */
export function networkPolicyEnforced({ components }: Architecture, { networkPlugins }: Live): Row[] {
  const at = { aspect: 'network-policy-enforced', subject: 'cluster' } as const;
  const reasons = components.flatMap(({ networkPolicy: wanted }) =>
    'notApplicable' in wanted ? [wanted.notApplicable] : [],
  );
  if (reasons.length === components.length)
    return [{ ...at, recommended: '—', found: [...new Set(reasons)].join('; '), where: '—', state: 'waived' }];
  const row = {
    ...at,
    recommended: 'a network plugin that enforces NetworkPolicies',
    where: 'DaemonSets of the cluster',
  };
  if (networkPlugins === undefined)
    return [{ ...row, found: 'the DaemonSets of the cluster could not be listed', state: 'unknown' }];
  const { enforcing, ignoring } = networkPlugins;
  if (enforcing.length > 0) return [{ ...row, found: enforcing.join(', '), state: 'ok' }];
  return ignoring.length > 0
    ? [{ ...row, found: `${ignoring.join(', ')} takes no notice of them`, state: 'differs' }]
    : [{ ...row, found: 'declared, not enforced here: no plugin that would is known to run', state: 'unknown' }];
}

export function entryTls({ entry: wanted }: Architecture, { entry, ingresses }: Live): Row[] {
  const at = { aspect: 'entry-tls', subject: 'entry' } as const;
  return unlessWaived(wanted, at, () => {
    const row = { ...at, recommended: 'clients enter over TLS' };
    if (entry === undefined) return [{ ...row, found: 'there is no way in', where: 'mcp.endpoint', state: 'unknown' }];
    const { url, service, handshake } = entry;
    if (handshake !== undefined) {
      const { protocol, trusted, error = '', validTo } = handshake;
      const found = trusted
        ? `${protocol ?? 'TLS'}, certificate valid until ${validTo}`
        : `${url}: the certificate is not trusted: ${error}`;
      return [{ ...row, found, where: url, state: trusted ? 'ok' : 'differs' }];
    }
    const ingress = ingresses.find(({ spec }) =>
      (spec?.rules ?? []).some(({ http }) => http?.paths.some(({ backend }) => backend.service?.name === service)),
    );
    if (ingress !== undefined) {
      const hosts = (ingress.spec?.tls ?? []).flatMap(({ hosts: names = ['every host'] }) => names);
      const where = `Ingress/${ingress.name} spec.tls`;
      return hosts.length > 0
        ? [{ ...row, found: `TLS for ${hosts.join(', ')}`, where, state: 'ok' }]
        : [{ ...row, found: 'no TLS', where, state: 'differs' }];
    }
    const where = service === undefined ? 'mcp.endpoint.url' : `Service/${service}`;
    return [{ ...row, found: `in the clear: ${url}`, where, state: 'differs' }];
  });
}
