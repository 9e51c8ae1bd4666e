import { declarationIn } from '../../declared-target.ts';
import { all, check, fail, inconclusive, ofFact, pass } from '../../finding.ts';
import {
  configurationFact,
  listed,
  ofObjects,
  ofReleases,
  ofTree,
  orderingFact,
  treeFact,
  variablesFact,
  withoutTree,
} from '../../gitops-facts.ts';
import { thresholds } from '../../thresholds.ts';

/** What the tree describes, and whether it can be applied. */
const experiment = 'gitops.static';

export const treeIsReadable = check({
  id: 'gitops.tree-is-readable',
  title: 'The Git tree can be read as a whole, and stays within itself',
  expected: 'objects of Kubernetes in YAML, no broken or circular reference, none out of the tree',
  experiment,
  evaluate: (history) =>
    // Not by `ofTree`: this is the check that tells what could not be read.
    withoutTree(history) ??
    ofFact(history, 'gitops.tree', treeFact, ({ troubles, notApplied, objects, units }, evidence) => {
      if (troubles.length > 0) return fail(listed(troubles), evidence);
      if (objects === 0) return inconclusive('the tree has no object of Kubernetes: there is nothing to judge');
      if (notApplied.length > 0) return inconclusive(`read, but not followed: ${listed(notApplied)}`);
      return pass(
        `${String(objects)} objects; found in this order: ${units.map(({ name }) => name).join(', ')}`,
        evidence,
      );
    }),
});

export const describesReleases = check({
  id: 'gitops.describes-releases',
  title: 'Git describes every release of the target',
  expected: 'a HelmRelease in the tree for each release that the target declares',
  experiment,
  evaluate: (history) =>
    ofReleases(
      history,
      (releases, evidence) => {
        const names = releases.map(({ releaseName }) => releaseName);
        const declared = declarationIn(history)?.releases ?? names;
        const missing = declared.filter((name) => !names.includes(name));
        return missing.length === 0
          ? pass(`${declared.join(', ')} among ${String(releases.length)} HelmReleases`, evidence)
          : fail(`no HelmRelease for ${missing.join(', ')}; there are ${names.join(', ')}`, evidence);
      },
      { failing: 'by absence' },
    ),
});

export const variablesHaveValues = check({
  id: 'gitops.variables-have-values',
  title: 'Every variable that Flux fills in has a value',
  expected: `${String(thresholds.brokenReferences.value)} variables without value and default`,
  experiment,
  reason: thresholds.brokenReferences.reason,
  evaluate: (history) =>
    ofObjects(
      history,
      'gitops.variables',
      variablesFact,
      ({ missing }, evidence) => {
        const named = (elsewhere: boolean) => [
          ...new Set(
            missing.filter((one) => one.elsewhere === elsewhere).map(({ name, place }) => `${name} at ${place}`),
          ),
        ];
        const [lost, open] = [named(false), named(true)];
        if (lost.length > thresholds.brokenReferences.value) return fail(`without value: ${lost.join(', ')}`, evidence);
        if (open.length > 0) return inconclusive(`their values are not in the tree: ${open.join(', ')}`);
        return pass('no variable is without value', evidence);
      },
      'by absence',
    ),
});

export const isOrdered = check({
  id: 'gitops.is-ordered',
  title: 'Nothing is applied before that which it needs',
  expected: 'namespaces, definitions (CRDs) and dependencies come first, no circle',
  experiment,
  evaluate: (history) =>
    ofObjects(
      history,
      'gitops.ordering',
      orderingFact,
      ({ problems, unknownGroups }, evidence) => {
        if (problems.length > 0) return fail(listed(problems), evidence);
        if (unknownGroups.length > 0)
          return inconclusive(`nothing in the tree brings the definitions of ${unknownGroups.join(', ')}`);
        return pass('what is needed comes first', evidence);
      },
      'by absence',
    ),
});

export const configurationIsInGit = check({
  id: 'gitops.configuration-is-in-git',
  title: 'Gateway, server and policy configuration are in Git',
  expected: 'a place in the tree for each of the three, with something in it',
  experiment,
  evaluate: (history) =>
    ofTree(
      history,
      'gitops.configuration',
      configurationFact,
      (kinds, evidence) =>
        all(
          kinds.map(({ kind, places }) => {
            if (places.length === 0)
              return inconclusive(`the target does not say where its ${kind} configuration is in Git`);
            const empty = places.filter(({ found }) => !found).map(({ place }) => place);
            return empty.length === 0
              ? pass(`${kind}: ${places.map(({ place }) => place).join(', ')}`, evidence)
              : fail(`no ${kind} configuration at ${empty.join(', ')}`, evidence);
          }),
          'no kind of configuration was looked for',
        ),
      'by absence',
    ),
});
