import { z } from 'zod';
import { atMost, check, everyRelease, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on a chart that is installed, tested, upgraded to itself and uninstalled on a cluster. */
const experiment = 'chart.lifecycle';

const test = z.object({
  phase: z.string().optional(),
  pods: z.union([z.number(), z.array(z.unknown()).transform((pods) => pods.length)]),
});
const noop = z.object({
  podsBefore: z.array(z.string()),
  podsAfter: z.array(z.string()),
  generationsChanged: z.array(z.string()),
  manifestChanged: z.boolean(),
});
const revisions = z.array(z.object({ revision: z.number(), status: z.string() }));

export const installs = check({
  id: 'chart.installs',
  title: 'Every chart installs and gets ready',
  expected: 'helm install --wait succeeds for each release',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `install.${release}`, (_step, evidence) => pass(`${release} was installed`, evidence)),
    ),
});

export const uninstalls = check({
  id: 'chart.uninstalls',
  title: 'Every release uninstalls',
  expected: 'helm uninstall succeeds for each release',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `uninstall.${release}`, (_step, evidence) => pass(`${release} was uninstalled`, evidence)),
    ),
});

export const testsItself = check({
  id: 'chart.tests-itself',
  title: 'Every chart brings a helm test, and it passes',
  expected: 'at least one test pod for each release, all succeeded',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `test.${release}`, (step, evidence) => {
        const { pods } = test.parse(step.detail);
        const seen = `${release} ran ${String(pods)} test pods`;
        // `helm test` also succeeds when a chart has no test at all.
        return pods > 0 ? pass(seen, evidence) : fail(seen, evidence);
      }),
    ),
});

export const noopUpgradeChangesNothing = check({
  id: 'chart.noop-upgrade-changes-nothing',
  title: 'An upgrade to the same chart and values changes nothing',
  expected: `the same manifest, no object with a new generation, ${String(thresholds.podsReplacedByNoop.value)} pods replaced`,
  experiment,
  reason: thresholds.podsReplacedByNoop.reason,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `noop.${release}`, (step, evidence) => {
        const { podsBefore, podsAfter, generationsChanged, manifestChanged } = noop.parse(step.detail);
        if (podsBefore.length === 0)
          return inconclusive(`${release} had no pod before the upgrade, so none could be replaced`);
        const replaced = podsBefore.filter((pod) => !podsAfter.includes(pod));
        const changes = [
          ...(manifestChanged ? ['the manifest'] : []),
          ...generationsChanged,
          ...(replaced.length > thresholds.podsReplacedByNoop.value
            ? [`${String(replaced.length)} of ${String(podsBefore.length)} pods`]
            : []),
        ];
        return changes.length === 0
          ? pass(`${release} kept its ${String(podsBefore.length)} pods`, evidence)
          : fail(`${release} changed: ${changes.join(', ')}`, evidence);
      }),
    ),
});

export const revisionsAreClean = check({
  id: 'chart.revisions-are-clean',
  title: 'Helm keeps a revision of every change, and the last one is deployed',
  expected: 'at least 2 revisions for each release, the last deployed, all others superseded',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofFact(history, `history.${release}`, revisions, (rows, evidence) => {
        const statuses = rows.toSorted((a, b) => a.revision - b.revision).map(({ status }) => status);
        const clean =
          statuses.length >= 2 &&
          statuses.at(-1) === 'deployed' &&
          statuses.slice(0, -1).every((status) => status === 'superseded');
        const seen = `${release}: ${statuses.length === 0 ? 'no revision' : statuses.join(', ')}`;
        return clean ? pass(seen, evidence) : fail(seen, evidence);
      }),
    ),
});

export const leavesNothingBehind = check({
  id: 'chart.leaves-nothing-behind',
  title: 'Uninstalling leaves nothing behind',
  expected: `${String(thresholds.leftovers.value)} objects left`,
  experiment,
  reason: thresholds.leftovers.reason,
  evaluate: (history) =>
    // What was never installed cannot have left anything behind.
    installs.evaluate(history).verdict === 'pass'
      ? ofFact(history, 'leftovers', z.array(z.string()), (objects, evidence) =>
          atMost(thresholds.leftovers.value, 'objects left', objects, evidence),
        )
      : inconclusive('not every release was installed, so there was nothing to leave behind'),
});

export const namespaceGoes = check({
  id: 'chart.namespace-goes',
  title: 'The namespace goes when it is deleted',
  expected: `${String(thresholds.leftovers.value)} namespaces that would not go`,
  experiment,
  reason: 'Finalizers that nobody clears hold a namespace for ever, and its name with it.',
  evaluate: (history) =>
    ofFact(history, 'teardown.trouble', z.array(z.string()), (troubles, evidence) =>
      atMost(thresholds.leftovers.value, 'namespaces that would not go', troubles, evidence),
    ),
});
