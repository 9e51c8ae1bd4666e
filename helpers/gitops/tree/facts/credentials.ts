import type { Path } from '../../../config/document.ts';
import { isCredentialName, isLiteral } from '../credential-names.ts';
import { isMapping, placeOf } from '../document.ts';
import type { Mapping, SourceDocument } from '../document.ts';
import { knownCharts } from '../known-charts.ts';
import type { LoadedTree } from '../load.ts';
import { at, kindOf, mappingAt } from '../objects.ts';
import { releasePlace } from '../releases.ts';
import type { Release } from '../releases.ts';
import { madeSecrets } from '../secrets.ts';
import { embeddedIn, valueAt } from '../values.ts';

/** A credential that stands in Git in the clear: where and under which name, never which. */
export interface Credential {
  place: string;
  key: string;
  how: 'Secret' | 'value' | 'address' | 'private key' | 'argument' | 'default of the chart';
}

/** Objects that speak about secrets without holding any. */
const ABOUT_SECRETS =
  /^(ExternalSecret|ClusterExternalSecret|SecretStore|ClusterSecretStore|SealedSecret|CustomResourceDefinition|SecretProviderClass)$/;

/** `scheme://user:password@host`; a variable in the password's place is none. */
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:(?!\$[{(]|\{\{)[^\s/@]+@/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const ARGUMENT = /(?:^|\s)--?([\w-]*(?:password|passwd|token|secret|api-?key))[= ](?![\s$<{-])\S/;

/** Every credential that the tree shows. */
export function credentialFacts(releases: readonly Release[], { units }: LoadedTree): Credential[] {
  const documents = units.flatMap((unit) => unit.documents);
  const known = new Set(documents.flatMap(madeSecrets).map(({ name }) => name));
  const found = [...documents, ...units.flatMap(({ owner }) => owner ?? [])].flatMap((document) =>
    inDocument(document, known),
  );
  const defaults = releases.flatMap((release) =>
    (knownCharts.get(release.chart ?? '')?.defaults ?? [])
      .filter(({ unless }) => valueAt(release.values, unless) === undefined)
      .map(({ key, unless }): Credential => ({
        place: `${releasePlace(release)} without ${unless}`,
        key,
        how: 'default of the chart',
      })),
  );
  return [...new Map([...found, ...defaults].map((one) => [`${one.place} ${one.key}`, one])).values()];
}

function inDocument(document: SourceDocument, known: ReadonlySet<string>): Credential[] {
  const { object } = document;
  const kind = kindOf(object);
  if (kind === 'Secret') return inSecret(document);
  if (ABOUT_SECRETS.test(kind)) {
    // A template may hold more than references.
    const path = ['spec', 'target', 'template', 'data'];
    return scan(mappingAt(object, ...path), path, (one) => placeOf(document, one), known);
  }
  const own = scan(object, [], (path) => placeOf(document, path), known);
  if (kind !== 'ConfigMap') return own;
  const embedded = Object.keys(mappingAt(object, 'data')).flatMap((key) => embeddedIn(document, key).documents);
  return [...own, ...embedded.flatMap((inner) => scan(inner.object, [], (path) => placeOf(inner, path), known))];
}

/** In a Secret everything is one, unless it is encrypted or filled in on the cluster. */
function inSecret(document: SourceDocument): Credential[] {
  return ['data', 'stringData'].flatMap((field) =>
    Object.entries(mappingAt(document.object, field))
      .filter(([, value]) => isLiteral(value))
      .map(([key]): Credential => ({ place: placeOf(document, [field, key]), key, how: 'Secret' })),
  );
}

function scan(node: unknown, path: Path, place: (path: Path) => string, known: ReadonlySet<string>): Credential[] {
  const key = String(path.at(-1) ?? '');
  if (typeof node === 'string')
    return inText(node).map(({ how, name }) => ({ place: place(path), key: name ?? key, how }));
  if (Array.isArray(node)) return node.flatMap((entry, index) => scan(entry, [...path, index], place, known));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([name, value]): Credential[] => {
    const inner = [...path, name];
    if (isCredential(node, name, value, known)) {
      const variable = name === 'value' && typeof node.name === 'string' ? node.name : name;
      return [{ place: place(inner), key: variable, how: 'value' }];
    }
    return scan(value, inner, place, known);
  });
}

/** A field by its own name, or the `value` of an environment variable by the variable's. */
function isCredential(parent: Mapping, name: string, value: unknown, known: ReadonlySet<string>): boolean {
  const isVariable = name === 'value' && typeof parent.name === 'string';
  const about = isVariable ? String(parent.name) : name;
  if (!isCredentialName(about) || !isLiteral(value)) return false;
  if (typeof value === 'number') return /passw(or)?d$/i.test(about);
  // `secret: worker-secret` beside a Secret of that name names it.
  if (known.has(value)) return false;
  // Beside an `existingSecret`, a `secretKey` is the name of one of its keys.
  return !(
    /secret.?key$/i.test(about) && Object.keys(parent).some((key) => /^(existing|secretName)|secret$/i.test(key))
  );
}

function inText(text: string): { how: Credential['how']; name?: string }[] {
  const argument = ARGUMENT.exec(text)?.[1];
  return [
    ...(ADDRESS.test(text) ? [{ how: 'address' as const }] : []),
    ...(PRIVATE_KEY.test(text) ? [{ how: 'private key' as const }] : []),
    ...(argument === undefined ? [] : [{ how: 'argument' as const, name: argument }]),
  ];
}

/** Names under which `values` speak of Secrets in a way that the chart ignores. */
export function ignoredValues(releases: readonly Release[]) {
  return releases.flatMap((release) =>
    (knownCharts.get(release.chart ?? '')?.ignored ?? [])
      .filter(({ value }) => at(release.values, ...value.split('.')) !== undefined)
      .map(({ value, instead }) => ({
        place:
          release.layers.find((layer) => valueAt(layer.values, value) !== undefined)?.place(value.split('.')) ?? '',
        value,
        instead,
      })),
  );
}
