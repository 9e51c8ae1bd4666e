import { dirname, join, posix } from 'node:path';
import { placeOf } from './document.ts';
import type { SourceDocument } from './document.ts';
import type { LoadedTree, Unit } from './load.ts';
import { at, groups, isKind, listAt, mappingAt, nameOf, namespaceOf, textAt } from './objects.ts';
import { mergedValues, valuesGivenTo } from './values.ts';
import type { Given } from './values.ts';
import type { Mapping } from './document.ts';

/** A HelmRelease, where it stands, and what it gives its chart. */
export interface Release {
  document: SourceDocument;
  unit: Unit;
  /** `namespace/name`. */
  id: string;
  /** What Helm calls it. */
  releaseName: string;
  /** Where its objects go. */
  namespace: string | undefined;
  /** Without its folder; undefined when only the source knows it. */
  chart: string | undefined;
  layers: Given['layers'];
  values: Mapping;
  troubles: Given['troubles'];
  unseen: Given['unseen'];
}

/** Every HelmRelease of the tree. */
export function releasesIn(tree: LoadedTree): Release[] {
  const documents = tree.units.flatMap((unit) => unit.documents);
  return tree.units.flatMap((unit) =>
    unit.documents
      .filter(({ object }) => isKind(object, groups.helm, 'HelmRelease'))
      .map((document) => {
        const { object } = document;
        const own = namespaceOf(object);
        const namespace = textAt(object, 'spec', 'targetNamespace') ?? own;
        const { layers, troubles, unseen } = valuesGivenTo(document, documents);
        const prefix = at(object, 'spec', 'targetNamespace') === undefined ? '' : `${namespace ?? ''}-`;
        return {
          document,
          unit,
          id: `${own ?? 'default'}/${nameOf(object)}`,
          releaseName: textAt(object, 'spec', 'releaseName') ?? `${prefix}${nameOf(object)}`,
          namespace,
          chart: chartOf(object, documents),
          layers,
          troubles,
          unseen,
          values: mergedValues(layers),
        };
      }),
  );
}

function chartOf(object: Mapping, documents: readonly SourceDocument[]): string | undefined {
  const chart = textAt(object, 'spec', 'chart', 'spec', 'chart');
  if (chart !== undefined) return posix.basename(chart);
  const source = sourceOf(object, documents);
  const url = source === undefined ? undefined : textAt(source.object, 'spec', 'url');
  return url === undefined ? undefined : posix.basename(url);
}

/** The object that a HelmRelease's chart comes from, if it is in the tree. */
export function sourceOf(object: Mapping, documents: readonly SourceDocument[]): SourceDocument | undefined {
  const reference = sourceReference(object);
  const namespace = textAt(reference, 'namespace') ?? namespaceOf(object);
  return documents.find(
    (document) =>
      isKind(document.object, groups.source, textAt(reference, 'kind') ?? '') &&
      nameOf(document.object) === reference.name &&
      (namespaceOf(document.object) ?? namespace) === namespace,
  );
}

/** `sourceRef` of a chart's template, or `chartRef`. */
export function sourceReference(object: Mapping): Mapping {
  const reference = mappingAt(object, 'spec', 'chart', 'spec', 'sourceRef');
  return Object.keys(reference).length > 0 ? reference : mappingAt(object, 'spec', 'chartRef');
}

/** Folder of a chart that lies in the tree itself, relative to its root; undefined for charts from elsewhere. */
export function chartFolder({ document, unit }: Release, tree: LoadedTree): string | undefined {
  const { object } = document;
  const reference = sourceReference(object);
  const chart = textAt(object, 'spec', 'chart', 'spec', 'chart');
  if (reference.kind !== 'GitRepository' || chart === undefined) return undefined;
  const own = unit.owner === undefined ? undefined : at(unit.owner.object, 'spec', 'sourceRef', 'name');
  if (own !== undefined && own !== reference.name) return undefined;
  const found = tree.files.resolve('.', posix.join(chart, 'Chart.yaml'));
  return 'path' in found ? dirname(found.path) : undefined;
}

/** Ids of the HelmReleases that a HelmRelease waits for. */
export function awaitedReleases({ document }: Release): string[] {
  const own = namespaceOf(document.object) ?? 'default';
  return listAt(document.object, 'spec', 'dependsOn').map((one) =>
    join(textAt(one, 'namespace') ?? own, textAt(one, 'name') ?? ''),
  );
}

/** `file:line` of a field of a HelmRelease. */
export function releasePlace({ document }: Release, ...path: string[]): string {
  return placeOf(document, path);
}
