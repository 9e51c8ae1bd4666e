import type { Path } from '../../config/document.ts';
import { isMapping, parseText, placeOf } from './document.ts';
import type { Mapping, Parsed, SourceDocument, Trouble } from './document.ts';
import { at, kindOf, listAt, mappingAt, nameOf, namespaceOf, textAt } from './objects.ts';
import { merge } from './patch.ts';

/** Values of a chart from one place; later layers win. */
export interface Layer {
  values: Mapping;
  /** File, line and field of a value. */
  readonly place: (path: Path) => string;
}

/** What a HelmRelease gives its chart, as far as it is in the tree: ConfigMaps of `valuesFrom`, then its own values. */
export interface Given {
  layers: Layer[];
  /** Values that are no YAML. */
  troubles: Trouble[];
  /** Values that the tree does not show. */
  unseen: Trouble[];
}

export function valuesGivenTo(release: SourceDocument, documents: readonly SourceDocument[]): Given {
  const { object } = release;
  const given: Given = { layers: [], troubles: [], unseen: [] };
  listAt(object, 'spec', 'valuesFrom').forEach((reference, index) => {
    const place = placeOf(release, ['spec', 'valuesFrom', index]);
    const map = documents.find((document) => isMapOf(document, reference, namespaceOf(object)));
    if (map === undefined || reference.targetPath !== undefined) {
      if (reference.optional !== true)
        given.unseen.push({ place, what: 'values come from what the tree does not show' });
      return;
    }
    const key = textAt(reference, 'valuesKey') ?? 'values.yaml';
    const { documents: found, troubles } = embeddedIn(map, key);
    given.troubles.push(...troubles);
    given.layers.push(...found.map((one) => ({ values: one.object, place: (path: Path) => placeOf(one, path) })));
  });
  const own = at(object, 'spec', 'values');
  if (isMapping(own))
    given.layers.push({ values: own, place: (path) => placeOf(release, ['spec', 'values', ...path]) });
  return given;
}

function isMapOf({ object }: SourceDocument, reference: Mapping, namespace: string | undefined): boolean {
  const isMeant = reference.kind === 'ConfigMap' && kindOf(object) === 'ConfigMap' && nameOf(object) === reference.name;
  return isMeant && (namespaceOf(object) ?? namespace) === namespace;
}

/** The values as the chart gets them. */
export function mergedValues(layers: readonly Layer[]): Mapping {
  return layers.reduce<Mapping>((merged, { values }) => merge(merged, values, false) as Mapping, {});
}

/** The YAML that the key of a ConfigMap holds. */
export function embeddedIn(map: SourceDocument, key: string): Parsed {
  const text = mappingAt(map.object, 'data')[key];
  if (typeof text !== 'string') return { documents: [], troubles: [] };
  const source = map.sources?.[key];
  // The text of a block begins in the line after its key.
  const firstLine = source === undefined ? map.lineOf(['data', key]) + 1 : 1;
  return parseText(text, source ?? map.file, firstLine);
}

/** The value at `a.b.c`. */
export function valueAt(values: Mapping, dotted: string): unknown {
  return at(values, ...dotted.split('.'));
}
