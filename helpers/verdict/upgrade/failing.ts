import type { History } from '../../history/history.ts';
import { trafficChecks } from '../checks/traffic.ts';
import { atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { ofTwoFacts } from '../recorded-changes.ts';
import { thresholds } from '../thresholds.ts';
import type { Finding } from '../types.ts';
import { describeRevision, recorded } from './facts.ts';
import type { RecordedAttempt } from './facts.ts';

/** The checks on an upgrade that must fail. @param what is wrong with it, as it fits into a sentence. */
export function failingChecks(id: 'bad-image' | 'failing-migration' | 'never-ready', what: string) {
  const experiment = `upgrade.${id}`;
  return {
    told: check({
      id: `${experiment}.told`,
      title: `Helm says that it failed when ${what}`,
      expected: 'helm upgrade ends with an error',
      experiment,
      evaluate: (history) =>
        ofAttempt(history, ({ failed, reason }, evidence) =>
          failed
            ? pass(`it failed: ${(reason ?? '').slice(0, 240)}`, evidence)
            : fail('helm upgrade reported success', evidence),
        ),
    }),
    takenBack: check({
      id: `${experiment}.taken-back`,
      title: `The release is as it was before when ${what}`,
      expected: 'the same manifest in force, in a revision that is deployed, with the failed one before it',
      experiment,
      evaluate: (history) => ifFailed(history, () => takenBack(history)),
    }),
    podsUntouched: check({
      id: `${experiment}.pods-untouched`,
      title: `The pods that served before serve on untouched when ${what}`,
      expected: 'the same pods, none restarted, all ready, and none beside them',
      experiment,
      evaluate: (history) => ifFailed(history, () => podsUntouched(history)),
    }),
    nothingLeftBehind: check({
      id: `${experiment}.nothing-left-behind`,
      title: `Nothing of the failed upgrade is left when ${what}`,
      expected: `${String(thresholds.leftovers.value)} objects that were not there before`,
      experiment,
      reason: 'What a failed upgrade leaves behind collides with the next attempt.',
      evaluate: (history) =>
        ifFailed(history, () =>
          ofTwoFacts(
            history,
            ['objects.before', recorded.objects],
            ['objects.after', recorded.objects],
            (before, after, evidence) =>
              before.length === 0
                ? inconclusive('no object was recorded before the upgrade')
                : atMost(
                    thresholds.leftovers.value,
                    'objects left',
                    after.filter((name) => !before.includes(name)),
                    evidence[1] ?? '',
                  ),
          ),
        ),
    }),
    ...trafficChecks(experiment, what),
  };
}

function ofAttempt(history: History, find: (attempt: RecordedAttempt, evidence: string) => Finding): Finding {
  return ofStep(history, 'attempt', (step, evidence) => find(recorded.attempt.parse(step.detail), evidence));
}

/** Where the upgrade did not fail, nothing had to be taken back. */
function ifFailed(history: History, find: () => Finding): Finding {
  return ofAttempt(history, ({ failed }) => (failed ? find() : inconclusive('the upgrade did not fail')));
}

function takenBack(history: History): Finding {
  const facts = [
    ['releases.before', recorded.releases],
    ['releases.after', recorded.releases],
  ] as const;
  return ofTwoFacts(history, [...facts[0]], [...facts[1]], (before, after, evidence) =>
    ofFact(history, 'history', recorded.revisions, (rows, line) => {
      if (Object.keys(before).length === 0) return inconclusive('no release was recorded before the upgrade');
      const other = Object.keys(before).filter((name) => before[name]?.manifest !== after[name]?.manifest);
      const sorted = rows.toSorted((a, b) => a.revision - b.revision);
      const seen = sorted.map(describeRevision).join(', ');
      if (other.length > 0)
        return fail(`another manifest than before: ${other.join(', ')}; ${seen}`, ...evidence, line);
      const deployed = sorted.at(-1)?.status === 'deployed';
      const failedIsTold = sorted.some(({ status }) => status === 'failed');
      return deployed && failedIsTold ? pass(seen, line, ...evidence) : fail(seen, line, ...evidence);
    }),
  );
}

function podsUntouched(history: History): Finding {
  return ofTwoFacts(
    history,
    ['pods.before', recorded.pods],
    ['pods.after', recorded.pods],
    (before, after, evidence) => {
      if (before.length === 0) return inconclusive('no pod was recorded before the upgrade');
      const wrong = [
        ...before.flatMap((pod) => {
          const now = after.find(({ uid }) => uid === pod.uid);
          if (now === undefined) return [`${pod.name} is gone`];
          if (now.restarts > pod.restarts)
            return [`${pod.name} was restarted ${String(now.restarts - pod.restarts)} times`];
          return now.ready ? [] : [`${pod.name} is not ready`];
        }),
        ...after.filter(({ uid }) => !before.some((pod) => pod.uid === uid)).map(({ name }) => `${name} is new`),
      ];
      if (wrong.length === 0) return pass(`${String(before.length)} pods, all as before`, ...evidence);
      return fail(wrong.join(', '), ...evidence);
    },
  );
}
