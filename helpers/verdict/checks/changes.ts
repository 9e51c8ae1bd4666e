import { z } from 'zod';
import type { History } from '../../history/history.ts';
import { changeChecks, servedChecks } from '../change-checks.ts';
import { changeTitles, configurationChanges } from '../changes.ts';
import type { ChangeExperimentId } from '../changes.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { differencesOf, ofChange, ofTwoFacts, recorded } from '../recorded-changes.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';

/** A change that shows in what every pod serves. */
const served = (experiment: ChangeExperimentId) => ({ ...changeChecks(experiment), ...servedChecks(experiment) });

export const addTool = served('config.add-tool');
export const toolState = served('config.tool-state');
export const accessPolicy = served('config.access-policy');
export const rateLimit = served('config.rate-limit');
export const plugin = served('config.plugin');
export const imageUpgrade = served('config.image-upgrade');
export const secretRotation = served('config.secret-rotation');
export const twoInARow = served('config.two-in-a-row');

export const whileRolling = {
  ...served('config.while-rolling'),
  concurrentUpgradeRefused: check({
    id: 'config.while-rolling.concurrent-upgrade-refused',
    title: 'A second upgrade of the same release is refused as long as the first one rolls',
    expected: 'Helm refuses it',
    experiment: 'config.while-rolling',
    evaluate: (history) =>
      ofFact(history, 'upgrade.meanwhile', recorded.refusal, ({ refused, answer }, evidence) =>
        refused ? pass(`refused: ${answer}`, evidence) : fail('it was accepted', evidence),
      ),
  }),
};

export const invalid = invalidChecks('config.invalid');
export const invalidByApi = invalidChecks('config.invalid-by-api');

export const scaleIn = {
  ...changeChecks('config.scale-in'),
  fewerPods: check({
    id: 'config.scale-in.fewer-pods',
    title: 'Scaling in takes pods away and leaves the others as they are',
    expected: 'fewer pods, all of which ran before',
    experiment: 'config.scale-in',
    evaluate: (history) =>
      ofTwoFacts(history, ['pods.before', recorded.pods], ['pods.after', recorded.pods], (before, after, evidence) => {
        const fresh = after.filter(({ uid }) => !before.some((pod) => pod.uid === uid));
        const seen = `${String(before.length)} pods before, ${String(after.length)} after, ${String(fresh.length)} of them new`;
        return after.length < before.length && fresh.length === 0 ? pass(seen, ...evidence) : fail(seen, ...evidence);
      }),
  }),
};

export const nodeDrain = {
  ...changeChecks('config.node-drain'),
  podsMoved: check({
    id: 'config.node-drain.pods-moved',
    title: 'All pods of a drained node run elsewhere',
    expected: 'as many ready pods as before, none of the old ones on the node',
    experiment: 'config.node-drain',
    evaluate: podsMoved,
  }),
};

export const helmRollback = { ...served('config.helm-rollback'), restored: restored('config.helm-rollback') };
export const apiRollback = { ...served('config.api-rollback'), restored: restored('config.api-rollback') };

/** A way back that reports success and does not lead back is worse than none. */
const importTellsTheTruth = check({
  id: 'config.api-rollback.import-tells-the-truth',
  title: "The gateway's own import restores what was exported, or says that it did not",
  expected: `${String(thresholds.notRestored.value)} parts otherwise than exported, unless the import reports failures`,
  experiment: 'config.api-rollback',
  reason: thresholds.notRestored.reason,
  evaluate: importTruth,
});

const groups = {
  addTool,
  toolState,
  accessPolicy,
  rateLimit,
  plugin,
  imageUpgrade,
  secretRotation,
  twoInARow,
  whileRolling,
  invalid,
  invalidByApi,
  scaleIn,
  nodeDrain,
  helmRollback,
  apiRollback,
  import: { importTellsTheTruth },
};

/** Every check on changes, by its id. */
export const everyCheck: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.values(groups)
    .flatMap((group): Check[] => Object.values(group))
    .map((one) => [one.id, one]),
);

/** What must not lose anything: every change of the configuration in its declared way. The calls in flight are what the gate is about. */
export const configSafety: Check[] = configurationChanges.flatMap((id) => {
  const own = Object.values(everyCheck).filter(({ experiment }) => experiment === id);
  const isInFlight = ({ id: name }: Check) => name.endsWith('.in-flight');
  return [...own.filter(isInFlight), ...own.filter((one) => !isInFlight(one))];
});

/** Refusing is all that may happen: what is served stays. */
function invalidChecks(experiment: 'config.invalid' | 'config.invalid-by-api') {
  const { made: _refusing, ...common } = changeChecks(experiment);
  return {
    ...common,
    refused: check({
      id: `${experiment}.refused`,
      title: `It is refused when ${changeTitles[experiment]}`,
      expected: 'every one refused, and not reported as done',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'attempts', recorded.attempts, (attempts, evidence) => {
          if (attempts.length === 0) return inconclusive('nothing invalid was tried');
          const those = (wanted: string) =>
            attempts.filter(({ outcome }) => outcome === wanted).map(({ what, answer }) => `${what} ${answer}`.trim());
          if (those('accepted').length > 0) return fail(`accepted: ${those('accepted').join(', ')}`, evidence);
          if (those('no answer').length > 0) return inconclusive(`no answer: ${those('no answer').join(', ')}`);
          return pass(attempts.map(({ what, answer }) => `${what}: ${answer.slice(0, 160)}`).join('; '), evidence);
        }),
    }),
    oldStateStays: check({
      id: `${experiment}.old-state-stays`,
      title: `The old state is served on when ${changeTitles[experiment]}`,
      expected: 'no pod served anything else, and tools and configuration of the gateway are as before',
      experiment,
      evaluate: oldStateStays,
    }),
  };
}

/** What Helm wrote down before it failed does not count: what is served does. */
const isServed = (part: string) => /^(gateway|Tool)\//.test(part);

function oldStateStays(history: History): Finding {
  return ofFact(history, 'effect', recorded.effect, (effect, effectEvidence) =>
    ofTwoFacts(
      history,
      ['state.before', recorded.state],
      ['state.after', recorded.state],
      (before, after, evidence) => {
        if (effect.length === 0) return inconclusive('no serving pod was asked');
        const differing = differencesOf(before, after).filter(isServed);
        const disturbed = effect.filter(({ relapses, firstNew }) => relapses > 0 || firstNew === undefined);
        const found = [
          ...differing.map((part) => `${part} is not as before`),
          ...disturbed.map(({ pod }) => `${pod} served something else meanwhile`),
        ];
        if (found.length > 0) return fail(found.join('; '), effectEvidence, ...evidence);
        const parts = Object.keys(before).filter(isServed).length;
        return pass(
          `${String(parts)} parts as before, on ${String(effect.length)} pods throughout`,
          effectEvidence,
          ...evidence,
        );
      },
    ),
  );
}

function podsMoved(history: History): Finding {
  return ofChange(history, () =>
    ofFact(history, 'drained', recorded.drained, ({ node, pods }, drainEvidence) =>
      ofTwoFacts(history, ['pods.before', recorded.pods], ['pods.after', recorded.pods], (before, after, evidence) => {
        if (pods.length === 0) return inconclusive(`no pod was evicted from ${node}`);
        const left = after.filter(({ name }) => pods.includes(name));
        const ready = after.filter((pod) => pod.ready).length;
        const seen = `${String(pods.length)} pods evicted from ${node}, ${String(left.length)} of them still there; ${String(ready)} of ${String(before.length)} pods ready`;
        return left.length === 0 && ready >= before.length
          ? pass(seen, drainEvidence, ...evidence)
          : fail(seen, drainEvidence, ...evidence);
      }),
    ),
  );
}

function restored(experiment: 'config.helm-rollback' | 'config.api-rollback'): Check {
  return check({
    id: `${experiment}.restored`,
    title: `The prior state is restored exactly when ${changeTitles[experiment]}`,
    expected: `tools, policies, configuration and what pods are made of as before, ${String(thresholds.notRestored.value)} parts otherwise`,
    experiment,
    reason: thresholds.notRestored.reason,
    evaluate: (history) =>
      ofChange(history, (_made, madeEvidence) =>
        ofFact(history, 'state.changed', recorded.state, (changed) =>
          ofTwoFacts(
            history,
            ['state.before', recorded.state],
            ['state.after', recorded.state],
            (before, after, evidence) => {
              const toRestore = differencesOf(before, changed);
              if (toRestore.length === 0) return inconclusive('nothing was changed, so nothing could be restored');
              const differing = differencesOf(before, after);
              if (differing.length > thresholds.notRestored.value)
                return fail(`not restored: ${differing.join(', ')}`, madeEvidence, ...evidence);
              return pass(
                `${String(Object.keys(before).length)} parts as before, of which had changed: ${toRestore.join(', ')}`,
                madeEvidence,
                ...evidence,
              );
            },
          ),
        ),
      ),
  });
}

/** What imports report, as far as it says whether they worked. */
const reported = z.object({
  status: z.string().optional(),
  errors: z.array(z.unknown()).optional(),
  progress: z.object({ failed: z.number() }).optional(),
});

function importTruth(history: History): Finding {
  const step = history.step('import');
  if (step === undefined) return inconclusive('no import was tried: the gateway is not known to have one');
  if (!step.ok) return pass(`it says that it did not: ${step.error ?? ''}`, history.reference(step));
  return ofFact(history, 'import.reported', reported, ({ status = 'success', errors = [], progress }, said) =>
    ofTwoFacts(
      history,
      ['state.exported', recorded.state],
      ['state.imported', recorded.state],
      (before, after, evidence) => {
        const differing = differencesOf(before, after);
        const failures = errors.length + (progress?.failed ?? 0);
        const seen = `it reported "${status}" with ${String(failures)} failures; ${differing.length === 0 ? 'everything was as exported' : `not restored: ${differing.join(', ')}`}`;
        const honest = differing.length <= thresholds.notRestored.value || failures > 0;
        return honest ? pass(seen, said, ...evidence) : fail(seen, said, ...evidence);
      },
    ),
  );
}
