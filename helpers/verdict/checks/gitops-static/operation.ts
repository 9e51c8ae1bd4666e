import { seconds } from '../../../format.ts';
import { all, check, fail, inconclusive, pass } from '../../finding.ts';
import { budgetsFact, ofReleases, ofTree, ownOf, treeFact } from '../../gitops-facts.ts';
import { thresholds } from '../../thresholds.ts';
import type { Check } from '../../types.ts';

/** What happens without a person. */
const experiment = 'gitops.static';

export const installsRemediate = remediates('install', 'A failed installation is repaired without a person');
export const upgradesRemediate = remediates('upgrade', 'A failed upgrade is rolled back without a person');

function remediates(action: 'install' | 'upgrade', title: string): Check {
  const { value, reason } = thresholds.remediationRetries;
  return check({
    id: `gitops.${action}s-remediate`,
    title,
    expected: `at least ${String(value)} retry for each HelmRelease${action === 'upgrade' ? ', the last failure rolled back too' : ''}`,
    experiment,
    reason,
    evaluate: (history) =>
      ofReleases(history, (releases, evidence) => {
        const wrong = releases.flatMap((release) => {
          const { retries, remediatesLastFailure, strategy, retriesOnFailure } = release[action];
          // -1 retries without end.
          const isTried = retries < 0 || retries >= value || (action === 'install' && retriesOnFailure);
          const why = [
            ...(isTried ? [] : [`${String(retries)} retries`]),
            ...(action === 'upgrade' && isTried && !remediatesLastFailure ? ['the last failure stays'] : []),
            ...(action === 'upgrade' && strategy !== 'rollback' ? [`the remedy is ${strategy}`] : []),
            ...(action === 'upgrade' && retriesOnFailure ? ['it is tried again and never rolled back'] : []),
          ];
          return why.length === 0 ? [] : [`${release.id}: ${why.join(', ')} (${release.place})`];
        });
        if (wrong.length === 0) return pass(`all ${String(releases.length)} HelmReleases`, evidence);
        return fail(wrong.join('; '), evidence);
      }),
  });
}

export const timeoutsAreLongEnough = check({
  id: 'gitops.timeouts-are-long-enough',
  title: 'What is only slow does not count as failed',
  expected: `a timeout of at least ${seconds(thresholds.releaseTimeout.value)} for each HelmRelease`,
  experiment,
  reason: thresholds.releaseTimeout.reason,
  evaluate: (history) =>
    ofReleases(history, (releases, evidence) => {
      const short = releases.filter(({ timeoutMs }) => timeoutMs < thresholds.releaseTimeout.value);
      const told = (list: typeof releases) => list.map(({ id, timeoutMs }) => `${id} ${seconds(timeoutMs)}`).join(', ');
      return short.length === 0 ? pass(told(releases), evidence) : fail(told(short), evidence);
    }),
});

export const gitDecides = check({
  id: 'gitops.git-decides',
  title: 'What runs follows Git: nothing is suspended, what leaves Git is removed, and it is looked at often enough',
  expected: `no suspended object, prune on each Kustomization, intervals of at most ${seconds(thresholds.reconcileInterval.value)}`,
  experiment,
  reason: thresholds.reconcileInterval.reason,
  evaluate: (history) =>
    ofReleases(history, (releases, evidence) =>
      ofTree(history, 'gitops.tree', treeFact, ({ units }, treeEvidence) => {
        const rare = (intervalMs: number | null | undefined) =>
          typeof intervalMs === 'number' && intervalMs > thresholds.reconcileInterval.value;
        const wrong = [
          ...releases.filter(({ suspended }) => suspended).map(({ id }) => `HelmRelease ${id} is suspended`),
          ...releases
            .filter(({ intervalMs }) => rare(intervalMs))
            .map(({ id }) => `HelmRelease ${id} is looked at too seldom`),
        ];
        if (wrong.length > 0) return fail(wrong.join('; '), evidence);
        const wrongUnits = units.flatMap(({ name, suspended, prunes, intervalMs }) => [
          ...(suspended === true ? [`Kustomization ${name} is suspended`] : []),
          ...(prunes === false ? [`Kustomization ${name} does not prune`] : []),
          ...(rare(intervalMs) ? [`Kustomization ${name} is looked at too seldom`] : []),
        ]);
        if (wrongUnits.length > 0) return fail(wrongUnits.join('; '), treeEvidence);
        const unknown = units.filter(({ place }) => place === null).map(({ name }) => name);
        if (unknown.length > 0)
          return inconclusive(`no Kustomization of Flux in the tree applies the folder ${unknown.join(', ')}`);
        return pass(
          `${String(releases.length)} HelmReleases, ${String(units.length)} Kustomizations`,
          evidence,
          treeEvidence,
        );
      }),
    ),
});

export const driftIsCorrected = check({
  id: 'gitops.drift-is-corrected',
  title: 'What is changed by hand is put back',
  expected: 'driftDetection.mode enabled for each release of the target',
  experiment,
  evaluate: (history) =>
    ofReleases(
      history,
      (releases, evidence) => {
        const told = (list: typeof releases) => list.map(({ id, drift }) => `${id}: ${drift}`).join(', ');
        const wrong = releases.filter(({ drift }) => drift !== 'enabled');
        return wrong.length === 0 ? pass(told(releases), evidence) : fail(told(wrong), evidence);
      },
      { which: 'own' },
    ),
});

export const disruptionBudgets = check({
  id: 'gitops.disruption-budgets',
  title: 'Every component keeps a replica while nodes are drained',
  expected: 'a PodDisruptionBudget in the tree, in the values or in the chart, for each component',
  experiment,
  evaluate: (history) =>
    ofReleases(history, () =>
      ofTree(
        history,
        'gitops.budgets',
        budgetsFact,
        (budgets, evidence) =>
          all(
            ownOf(history, budgets).map(({ release, place, unprotected, budgets: own, values, chartHasTemplate }) => {
              if (unprotected !== undefined) {
                return unprotected.length === 0
                  ? pass(`${release}: ${own.join(', ')}`, evidence)
                  : fail(`${release} has none for ${unprotected.join(', ')} (${place})`, evidence);
              }
              const found = [...own, ...values, ...(chartHasTemplate ? ['in the chart'] : [])];
              return found.length > 0
                ? pass(`${release}: ${found.join(', ')}`, evidence)
                : inconclusive(`${release}: the tree shows none, and the chart is not in it`);
            }),
            'the tree has no HelmRelease of the releases that the target declares',
          ),
        'by absence',
      ),
    ),
});
