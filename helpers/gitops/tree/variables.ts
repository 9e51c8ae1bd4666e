import { placeOf } from './document.ts';
import type { SourceDocument } from './document.ts';
import type { Unit } from './load.ts';
import { at, listAt, mappingAt, nameOf, namespaceOf, kindOf, textAt } from './objects.ts';
import { madeSecrets } from './secrets.ts';
import { substitute, variablesIn } from './substitute.ts';

/** A variable that nothing in the tree gives a value. */
export interface Missing {
  name: string;
  unit: string;
  place: string;
  /** The value may come from what the tree does not show: a source of variables that is not in it, or a Kustomization that is not. */
  elsewhere: boolean;
}

interface Values {
  known: Map<string, string>;
  /** Variables that come from a Secret: that they have a value is known, which one is not. */
  secret: Set<string>;
  /** Sources of variables of which the tree shows nothing. */
  unknown: string[];
}

/** Fills in the variables of all units, parents first, since they may give their children's Kustomizations their values. */
export function fillIn(units: readonly Unit[]): Missing[] {
  return units.flatMap((unit) => {
    const isSubstituted = unit.owner !== undefined && at(unit.owner.object, 'spec', 'postBuild') !== undefined;
    if (!isSubstituted) {
      return unit.documents.flatMap((document) =>
        variablesIn(document).map(({ name, path }) => ({
          name,
          unit: unit.name,
          place: placeOf(document, path),
          elsewhere: unit.owner === undefined,
        })),
      );
    }
    const values = valuesOf(unit, units);
    return unit.documents.flatMap((document) =>
      substitute(document, values.known)
        .filter(({ name }) => !values.secret.has(name))
        .map(({ name, path }) => ({
          name,
          unit: unit.name,
          place: placeOf(document, path),
          elsewhere: values.unknown.length > 0,
        })),
    );
  });
}

/** What `postBuild` gives: values of the Kustomization itself take precedence over those from elsewhere. */
function valuesOf({ owner }: Unit, units: readonly Unit[]): Values {
  const values: Values = { known: new Map(), secret: new Set(), unknown: [] };
  if (owner === undefined) return values;
  const documents = units.flatMap((unit) => unit.documents);
  const namespace = namespaceOf(owner.object);
  for (const reference of listAt(owner.object, 'spec', 'postBuild', 'substituteFrom')) {
    const [kind = '', name = ''] = ['kind', 'name'].map((key) => textAt(reference, key));
    const isMeant = (document: SourceDocument) =>
      nameOf(document.object) === name && (namespaceOf(document.object) ?? namespace) === namespace;
    if (kind === 'ConfigMap') {
      const found = documents.find((document) => kindOf(document.object) === kind && isMeant(document));
      if (found === undefined) values.unknown.push(`${kind}/${name}`);
      for (const [key, value] of Object.entries(mappingAt(found?.object, 'data'))) values.known.set(key, String(value));
      continue;
    }
    const made = documents.flatMap(madeSecrets).find((secret) => secret.name === name);
    if (made?.keys === undefined) values.unknown.push(`${kind}/${name}`);
    for (const key of made?.keys ?? []) values.secret.add(key);
  }
  for (const [key, value] of Object.entries(mappingAt(owner.object, 'spec', 'postBuild', 'substitute')))
    values.known.set(key, String(value));
  for (const key of values.known.keys()) values.secret.delete(key);
  return values;
}
