import { isMapping } from './document.ts';
import type { Mapping, SourceDocument } from './document.ts';
import { groupOf, kindOf, listAt, mappingAt, nameOf, namespaceOf, textAt } from './objects.ts';

/** A Secret that something in the tree makes on the cluster. */
export interface MadeSecret {
  name: string;
  namespace: string | undefined;
  /** e.g. `ExternalSecret`. */
  by: string;
  /** e.g. `kubernetes.io/dockerconfigjson`, where it is known. */
  type: string | undefined;
  /** Its keys; undefined when they cannot be known from the tree. */
  keys: string[] | undefined;
}

/** Where the name of the Secret stands, in objects that make one without holding its value. */
const makers = new Map<string, (object: Mapping) => (string | undefined)[]>(
  Object.entries({
    ExternalSecret: (object: Mapping) => [textAt(object, 'spec', 'target', 'name') ?? nameOf(object)],
    ClusterExternalSecret: (object: Mapping) => [
      textAt(object, 'spec', 'externalSecretSpec', 'target', 'name') ?? textAt(object, 'spec', 'externalSecretName'),
    ],
    SealedSecret: (object: Mapping) => [textAt(object, 'spec', 'template', 'metadata', 'name') ?? nameOf(object)],
    Certificate: (object: Mapping) => [textAt(object, 'spec', 'secretName')],
    OnePasswordItem: (object: Mapping) => [nameOf(object)],
    VaultStaticSecret: (object: Mapping) => [textAt(object, 'spec', 'destination', 'name')],
    VaultDynamicSecret: (object: Mapping) => [textAt(object, 'spec', 'destination', 'name')],
    SecretProviderClass: (object: Mapping) =>
      listAt(object, 'spec', 'secretObjects').map((entry) => textAt(entry, 'secretName')),
    InfisicalSecret: (object: Mapping) => [textAt(object, 'spec', 'managedSecretReference', 'secretName')],
  }),
);

/** The Secrets that an object makes. A Certificate of another group than cert-manager's, for example, makes none. */
export function madeSecrets({ object }: SourceDocument): MadeSecret[] {
  const by = kindOf(object);
  const namespace = namespaceOf(object);
  if (by === 'Secret') {
    const keys = ['data', 'stringData'].flatMap((field) => Object.keys(mappingAt(object, field)));
    return [{ name: nameOf(object), namespace, by, type: textAt(object, 'type'), keys }];
  }
  if (!groupOf(object).includes('.')) return [];
  const names = makers.get(by)?.(object) ?? [];
  return names.flatMap((name) =>
    name === undefined ? [] : [{ name, namespace, by, type: typeOf(object, by), keys: keysOf(object) }],
  );
}

function typeOf(object: Mapping, by: string): string | undefined {
  if (by === 'Certificate') return 'kubernetes.io/tls';
  return textAt(object, 'spec', 'target', 'template', 'type') ?? textAt(object, 'spec', 'template', 'type');
}

function keysOf(object: Mapping): string[] | undefined {
  const template = mappingAt(object, 'spec', 'target', 'template', 'data');
  if (Object.keys(template).length > 0) return Object.keys(template);
  const { spec } = object;
  if (isMapping(spec) && Array.isArray(spec.dataFrom)) return undefined;
  if (isMapping(spec) && isMapping(spec.encryptedData)) return Object.keys(spec.encryptedData);
  const keys = listAt(object, 'spec', 'data').flatMap((entry) => textAt(entry, 'secretKey') ?? []);
  return keys.length > 0 ? keys : undefined;
}
