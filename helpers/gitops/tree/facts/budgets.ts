import { readable } from '../chart-templates.ts';
import { isMapping } from '../document.ts';
import { knownCharts } from '../known-charts.ts';
import type { LoadedTree } from '../load.ts';
import { isKind, mappingAt, nameOf, namespaceOf } from '../objects.ts';
import { releasePlace } from '../releases.ts';
import type { Release } from '../releases.ts';

/** Who keeps some replicas of a release running while nodes are drained. */
export interface BudgetFact {
  release: string;
  releaseName: string;
  place: string;
  /** PodDisruptionBudgets in the tree that are in the release's namespace. */
  budgets: string[];
  /** Values that ask the chart for one. */
  values: string[];
  /** The chart lies in the tree and has a template for one. */
  chartHasTemplate: boolean;
  /** Components that are known to need one, and have none. Undefined: the components are not known. */
  unprotected?: string[];
}

export function budgetFacts(releases: readonly Release[], tree: LoadedTree): BudgetFact[] {
  const budgets = tree.units
    .flatMap((unit) => unit.documents)
    .filter(({ object }) => isKind(object, 'policy', 'PodDisruptionBudget'));
  return releases.map((release) => {
    const own = budgets.filter(({ object }) => namespaceOf(object) === release.namespace);
    const components = knownCharts.get(release.chart ?? '')?.unprotected;
    const selectors = own.map(({ object }) => mappingAt(object, 'spec', 'selector', 'matchLabels'));
    return {
      release: release.id,
      releaseName: release.releaseName,
      place: releasePlace(release),
      budgets: own.map(({ object }) => nameOf(object)),
      values: budgetValues(release.values),
      chartHasTemplate: readable(release, tree).some((template) => template.includes('PodDisruptionBudget')),
      ...(components === undefined ? {} : { unprotected: unprotected(components, selectors) }),
    };
  });
}

/** A budget protects a component when each label that it selects is one of the component's, or of the whole release. */
function unprotected(
  components: Readonly<Record<string, Readonly<Record<string, string>>>>,
  selectors: readonly Record<string, unknown>[],
): string[] {
  const ofRelease = (label: string) => label === 'app.kubernetes.io/instance';
  return Object.entries(components)
    .filter(
      ([, labels]) =>
        !selectors.some((selector) => {
          const entries = Object.entries(selector);
          const isAbout = entries.some(([label, value]) => labels[label] === value);
          return isAbout && entries.every(([label, value]) => labels[label] === value || ofRelease(label));
        }),
    )
    .map(([name]) => name);
}

/** `podDisruptionBudget` and `pdb` in values, unless they are switched off. */
function budgetValues(node: unknown, path = ''): string[] {
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const inner = path === '' ? key : `${path}.${key}`;
    if (!/^(pdb|podDisruptionBudgets?)$/i.test(key)) return budgetValues(value, inner);
    const isOn = isMapping(value) ? value.enabled !== false && Object.keys(value).length > 0 : value === true;
    return isOn ? [inner] : [];
  });
}
