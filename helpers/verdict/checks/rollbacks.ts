import { seconds } from '../../format.ts';
import type { Limit } from '../../planning/schema.ts';
import { limitText, planned } from '../../planning/text.ts';
import { podsFact } from '../../rollout/facts.ts';
import type { OutcomeFact } from '../../rollout/facts.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { exposureOf, watchingRollout } from '../rollouts.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';

const experiment = 'rollback.triggers';

/** Those that must have fired, of which one is enough. */
function provoked(
  name: string,
  title: string,
  expected: string,
  metrics: readonly Limit['metric'][],
  alone = false,
): Check {
  return rolledBack(
    name,
    title,
    `${expected}, and users back on the old version in less than ${planned(thresholds.modelRollback.value)}`,
    ({ by, reached }) => {
      if (by !== 'trigger') return `it was turned back by ${by}`;
      const others = reached.filter(({ limit }) => !metrics.includes(limit.metric));
      if (alone && others.length > 0)
        return `others fired as well: ${others.map(({ limit }) => limitText(limit)).join(', ')}`;
      return reached.some(({ limit }) => metrics.includes(limit.metric))
        ? undefined
        : `other triggers fired: ${reached.map(({ limit }) => limitText(limit)).join(', ')}`;
    },
  );
}

function rolledBack(
  name: string,
  title: string,
  expected: string,
  wrong: (turnedBack: NonNullable<OutcomeFact['turnedBack']>) => string | undefined,
): Check {
  return check({
    id: `${experiment}.${name}`,
    title,
    expected,
    experiment,
    reason: thresholds.modelRollback.reason,
    evaluate: (history) =>
      watchingRollout(history, name, (rollout, { calls }): Finding => {
        const { outcome, evidence, from, plan } = rollout;
        const { turnedBack } = outcome;
        if (turnedBack === undefined || outcome.result !== 'rolled-back')
          return fail(`not turned back: ${outcome.result}`, evidence);
        const exposure = exposureOf(calls, rollout);
        if (exposure === undefined)
          return inconclusive(`no user met it (${turnedBack.reason}), so nothing fired on what users get`);
        const seen = `${turnedBack.reason}; live → last bad answer ${seconds(exposure.ms)}`;
        const why = wrong(turnedBack);
        if (why !== undefined) return fail(`${seen}: ${why}`, evidence);
        return ofFact(history, `pods.${name}`, podsFact, (pods) => {
          const others = pods.filter(({ version, ready }) => version !== from || !ready);
          if (pods.length === 0 || others.length > 0)
            return fail(`${seen}; ${String(others.length)} pods are not of ${from}, or not ready`, evidence);
          return exposure.ms < plan.rollback.limitMs
            ? pass(seen, evidence)
            : fail(`${seen}: longer than ${planned(plan.rollback.limitMs)}`, evidence);
        });
      }),
  });
}

export const errorRate = provoked(
  'failing',
  'A version that fails some requests is rolled back by its error rate',
  'the trigger on the error rate reached',
  ['error-rate'],
);
export const latency = provoked(
  'slow',
  'A version that answers too late is rolled back by its latency, as average or as P95',
  'the trigger on average or P95 reached',
  ['average-latency', 'p95'],
);
export const availability = provoked(
  'interrupted',
  'A version that is away for moments is rolled back by its availability, though few requests fail',
  'the trigger on availability reached, alone',
  ['availability'],
  true,
);
export const memory = provoked(
  'leaking',
  'A version that is killed for its memory is rolled back',
  'the trigger on OOM kills reached',
  ['oom-kills'],
);
export const manual = rolledBack(
  'manual',
  'An operator can roll a version back at any time',
  `turned back by the operator alone, and users back on the old version in less than ${planned(thresholds.modelRollback.value)}`,
  ({ by }) => (by === 'operator' ? undefined : `it was turned back by ${by}`),
);
