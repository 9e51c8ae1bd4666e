import { placeOf } from '../document.ts';
import type { SourceDocument, Trouble } from '../document.ts';
import { knownCharts } from '../known-charts.ts';
import { dependenciesOf } from '../load.ts';
import type { LoadedTree, Unit } from '../load.ts';
import { at, groupOf, identityOf, isKind, kindOf, listAt, nameOf, namespaceOf, textAt } from '../objects.ts';
import { awaitedReleases, releasePlace } from '../releases.ts';
import type { Release } from '../releases.ts';
import { circlesIn, reachable } from './graph.ts';

export interface OrderingFact {
  problems: Trouble[];
  /** API groups whose definitions come from nowhere in the tree. */
  unknownGroups: string[];
}

/** Namespaces that a cluster has, or that Flux brings. */
const THERE = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'flux-system'];

/** What would be applied before that which it needs. */
export function orderingFacts(releases: readonly Release[], tree: LoadedTree): OrderingFact {
  const order = new Order(tree.units);
  const documents = tree.units.flatMap((unit) => unit.documents.map((document) => ({ unit, document })));
  const groups = documents.map(({ unit, document }) => groupProblem(order, releases, documents, { unit, document }));
  return {
    problems: [
      ...dependencyProblems(tree.units),
      ...releaseProblems(releases),
      ...documents.flatMap(({ unit, document }) => namespaceProblem(order, releases, documents, { unit, document })),
      ...releases.flatMap((release) => targetNamespaceProblem(order, documents, release)),
      ...groups.flatMap((found) => (found !== undefined && 'place' in found ? [found] : [])),
    ],
    unknownGroups: [
      ...new Set(groups.flatMap((found) => (found !== undefined && 'unknown' in found ? [found.unknown] : []))),
    ],
  };
}

interface Placed {
  unit: Unit;
  document: SourceDocument;
}

/** What has been applied when a unit is. */
class Order {
  readonly #units: ReadonlyMap<string, Unit>;

  constructor(units: readonly Unit[]) {
    this.#units = new Map(units.map((unit) => [unit.name, unit]));
  }

  /** Whether `earlier` is applied before `unit`: it is waited for, or the Kustomization of `unit` stands in it. */
  isBefore(earlier: Unit, unit: Unit): boolean {
    return reachable(unit.name, (name) => this.#before(name)).has(earlier.name);
  }

  #before(name: string): string[] {
    const unit = this.#units.get(name);
    return unit === undefined ? [] : [...dependenciesOf(unit), ...unit.parents];
  }
}

/** Whether a unit counts as ready only when what it applied is ready, a HelmRelease too. */
function waitsFor({ owner }: Unit, release: Release): boolean {
  if (owner === undefined) return false;
  if (at(owner.object, 'spec', 'wait') === true) return true;
  return listAt(owner.object, 'spec', 'healthChecks').some(
    ({ kind, name }) => kind === 'HelmRelease' && name === nameOf(release.document.object),
  );
}

function dependencyProblems(units: readonly Unit[]): Trouble[] {
  const names = new Set(units.map(({ name }) => name));
  const missing = units.flatMap((unit) =>
    dependenciesOf(unit).flatMap((name, index) =>
      names.has(name) || unit.owner === undefined
        ? []
        : [
            {
              place: placeOf(unit.owner, ['spec', 'dependsOn', index]),
              what: `waits for ${name}, which is not in the tree`,
            },
          ],
    ),
  );
  const circles = circlesIn(new Map(units.map((unit) => [unit.name, dependenciesOf(unit)])));
  return [
    ...missing,
    ...circles.map((circle) => ({ place: circle[0] ?? '', what: `waits for itself: ${circle.join(' → ')}` })),
  ];
}

function releaseProblems(releases: readonly Release[]): Trouble[] {
  const ids = new Set(releases.map(({ id }) => id));
  const missing = releases.flatMap((release) =>
    awaitedReleases(release)
      .filter((id) => !ids.has(id))
      .map((id) => ({
        place: releasePlace(release, 'spec', 'dependsOn'),
        what: `waits for ${id}, which is not in the tree`,
      })),
  );
  const circles = circlesIn(new Map(releases.map((release) => [release.id, awaitedReleases(release)])));
  return [
    ...missing,
    ...circles.map((circle) => ({ place: circle[0] ?? '', what: `waits for itself: ${circle.join(' → ')}` })),
  ];
}

/** Flux applies Namespaces first, so one in the same unit is early enough; one that a HelmRelease makes is not. */
function namespaceProblem(
  order: Order,
  releases: readonly Release[],
  documents: readonly Placed[],
  { unit, document }: Placed,
): Trouble[] {
  const namespace = namespaceOf(document.object);
  if (namespace === undefined || THERE.includes(namespace) || namespace.includes('${')) return [];
  const place = placeOf(document);
  const what = `${identityOf(document.object)} needs the namespace ${namespace}`;
  const makers = namespacesNamed(namespace, documents);
  if (makers.some((maker) => maker.unit === unit || order.isBefore(maker.unit, unit))) return [];
  const releasing = releases.filter((release) => release.namespace === namespace && createsNamespace(release));
  if (
    releasing.some(
      (release) => release.unit !== unit && order.isBefore(release.unit, unit) && waitsFor(release.unit, release),
    )
  )
    return [];
  if (makers.length === 0 && releasing.length === 0)
    return [{ place, what: `${what}, which nothing in the tree makes` }];
  return [{ place, what: `${what}, which is made later or at the same time` }];
}

function targetNamespaceProblem(order: Order, documents: readonly Placed[], release: Release): Trouble[] {
  const { namespace, unit } = release;
  if (namespace === undefined || THERE.includes(namespace) || namespace.includes('${') || createsNamespace(release))
    return [];
  const makers = namespacesNamed(namespace, documents);
  if (makers.some((maker) => maker.unit === unit || order.isBefore(maker.unit, unit))) return [];
  const what = `${release.id} installs into the namespace ${namespace}`;
  return [
    {
      place: releasePlace(release),
      what: makers.length === 0 ? `${what}, which nothing in the tree makes` : `${what}, which is made later`,
    },
  ];
}

function namespacesNamed(name: string, documents: readonly Placed[]): Placed[] {
  return documents.filter(({ document: { object } }) => isKind(object, '', 'Namespace') && nameOf(object) === name);
}

function createsNamespace({ document }: Release): boolean {
  return at(document.object, 'spec', 'install', 'createNamespace') === true;
}

/** Definitions in the same unit are applied first; those that a chart brings are there when its HelmRelease is ready. */
function groupProblem(
  order: Order,
  releases: readonly Release[],
  documents: readonly Placed[],
  { unit, document }: Placed,
): Trouble | { unknown: string } | undefined {
  const group = groupOf(document.object);
  const definers = documents.filter(
    ({ document: { object } }) =>
      kindOf(object) === 'CustomResourceDefinition' && textAt(object, 'spec', 'group') === group,
  );
  const bringing = releases.filter(({ chart }) => knownCharts.get(chart ?? '')?.groups?.includes(group) ?? false);
  const isOwn =
    !group.includes('.') ||
    (group.endsWith('.k8s.io') &&
      definers.length + bringing.length === 0 &&
      !/^(gateway\.networking|snapshot\.storage)\./.test(group));
  if (isOwn || group.endsWith('.toolkit.fluxcd.io')) return undefined;
  if (definers.some((definer) => definer.unit === unit || order.isBefore(definer.unit, unit))) return undefined;
  if (
    bringing.some(
      (release) => release.unit !== unit && order.isBefore(release.unit, unit) && waitsFor(release.unit, release),
    )
  )
    return undefined;
  if (definers.length + bringing.length === 0) return { unknown: group };
  const by = [
    ...definers.map((definer) => identityOf(definer.document.object)),
    ...bringing.map(({ id }) => `HelmRelease ${id}`),
  ];
  return {
    place: placeOf(document),
    what: `${identityOf(document.object)} needs definitions of ${group}, and nothing waits for ${by.join(' or ')} that brings them`,
  };
}
