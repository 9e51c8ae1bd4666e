import type { Path } from '../../../config/document.ts';
import { namesASecret } from '../credential-names.ts';
import { isMapping, placeOf } from '../document.ts';
import type { Mapping } from '../document.ts';
import type { LoadedTree } from '../load.ts';
import { kindOf } from '../objects.ts';
import type { Release } from '../releases.ts';
import { madeSecrets } from '../secrets.ts';
import type { MadeSecret } from '../secrets.ts';

/** A place that names a Secret. */
export interface SecretReference {
  name: string;
  place: string;
  /** The HelmRelease whose values name it. */
  release?: string;
  /** What makes it: kinds of objects in the tree. Empty: nothing does. */
  by: string[];
  /** e.g. `kubernetes.io/tls`, where it is known. */
  type?: string;
}

/** What Flux and the stores themselves log in with: they must be there before anything from Git can be. */
const BOOTSTRAP =
  /^(GitRepository|Kustomization|SecretStore|ClusterSecretStore|Secret|Certificate|CustomResourceDefinition)$/;

/** Fields that hold a reference as a mapping with a name. */
const REFERENCES = ['secretRef', 'secretKeyRef'];

/** Every Secret that values and objects name, and what in the tree makes it. */
export function secretReferences(releases: readonly Release[], { units }: LoadedTree): SecretReference[] {
  const documents = units.flatMap((unit) => unit.documents);
  const made = documents.flatMap(madeSecrets);
  const fromValues = releases.flatMap((release) =>
    release.layers.flatMap(({ values, place }) =>
      namesIn(values, []).map(({ name, path }) => ({ name, place: place(path), release: release.id })),
    ),
  );
  const fromObjects = documents
    .filter((document) => !BOOTSTRAP.test(kindOf(document.object)) && madeSecrets(document).length === 0)
    .flatMap((document) => {
      const rest = kindOf(document.object) === 'HelmRelease' ? withoutValues(document.object) : document.object;
      return namesIn(rest, []).map(({ name, path }) => ({ name, place: placeOf(document, path) }));
    });
  const all = new Map([...fromValues, ...fromObjects].map((one) => [`${one.place} ${one.name}`, one]));
  return [...all.values()].map((reference) => ({ ...reference, ...maker(reference.name, made) }));
}

function maker(name: string, made: readonly MadeSecret[]): Pick<SecretReference, 'by' | 'type'> {
  const found = made.filter((secret) => secret.name === name);
  const type = found.find((secret) => secret.type !== undefined)?.type;
  return { by: [...new Set(found.map(({ by }) => by))], ...(type === undefined ? {} : { type }) };
}

/** A HelmRelease's own values are looked at as layers. */
function withoutValues(object: Mapping): Mapping {
  const spec = isMapping(object.spec) ? object.spec : {};
  const { values: _values, ...rest } = spec;
  return { ...object, spec: rest };
}

function namesIn(node: unknown, path: Path): { name: string; path: Path }[] {
  if (Array.isArray(node)) return node.flatMap((entry, index) => namesIn(entry, [...path, index]));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const inner = [...path, key];
    if (key === 'imagePullSecrets' && Array.isArray(value)) return pullSecrets(value, inner);
    const named =
      REFERENCES.includes(key) && isMapping(value) ? (value.optional === true ? undefined : value.name) : undefined;
    if (typeof named === 'string') return [{ name: named, path: [...inner, 'name'] }];
    if (typeof value === 'string' && value !== '' && namesASecret(key)) return [{ name: value, path: inner }];
    // `valuesFrom` and `substituteFrom` name Secrets by their kind.
    if (
      key === 'name' &&
      node.kind === 'Secret' &&
      typeof value === 'string' &&
      node.apiVersion === undefined &&
      node.optional !== true
    )
      return [{ name: value, path: inner }];
    return namesIn(value, inner);
  });
}

function pullSecrets(list: unknown[], path: Path): { name: string; path: Path }[] {
  return list.flatMap((entry, index) => {
    const name = isMapping(entry) ? entry.name : entry;
    return typeof name === 'string' ? [{ name, path: [...path, index] }] : [];
  });
}
