import { z } from 'zod';
import { seconds } from '../../../format.ts';
import type { History } from '../../../history/history.ts';
import { atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../../finding.ts';
import { thresholds } from '../../thresholds.ts';
import type { Check, Finding } from '../../types.ts';

const experiment = 'gitops.deploy';

const look = z.object({ answered: z.boolean(), holds: z.boolean(), seen: z.string() });
const effect = z.object({ firstSeenMs: z.number(), everywhereMs: z.number() });
const arrived = z.object({
  fetchedMs: z.number(),
  appliedMs: z.number(),
  releasedMs: z.record(z.string(), z.number()),
});

export const gatewayByCommit = byCommit('gateway', 'The configuration of the gateway');
export const serverByCommit = byCommit('server', 'The configuration of a server behind the gateway');
export const policyByCommit = byCommit('policy', 'Who may call what');

function byCommit(kind: string, what: string): Check {
  return check({
    id: `gitops-live.${kind}-by-commit`,
    title: `${what} is changed by a commit and nothing else`,
    expected: `every client sees the change within ${seconds(thresholds.commitToEffect.value)} of the push, and none sees it before`,
    experiment,
    reason: thresholds.commitToEffect.reason,
    evaluate: (history) => {
      if (history.step('deployed')?.ok === true && history.step(`commit.${kind}`) === undefined)
        return inconclusive(`the target declares no gitops.changes.${kind}, so nothing was committed`);
      return ofFact(history, `effect-before.${kind}`, look, ({ answered, holds, seen }) => {
        if (!answered) return inconclusive(`before the commit no client got an answer: ${seen}`);
        if (holds) return inconclusive(`the effect was there before the commit, so it proves nothing: ${seen}`);
        return ofStep(history, `effect.${kind}`, (step, evidence) =>
          withinLimit(history, kind, effect.parse(step.detail), evidence),
        );
      });
    },
  });
}

function withinLimit(
  history: History,
  kind: string,
  { firstSeenMs, everywhereMs }: z.infer<typeof effect>,
  evidence: string,
): Finding {
  const deployed = history.step(`arrived.${kind}`);
  if (deployed?.ok === false)
    return fail(
      `clients see it, but ${deployed.error ?? 'the engine does not get there'}`,
      history.reference(deployed),
    );
  const seen = `${stages(deployed?.detail)}first seen after ${seconds(firstSeenMs)}, by every client after ${seconds(everywhereMs)}`;
  const lines = [evidence, ...(deployed === undefined ? [] : [history.reference(deployed)])];
  return everywhereMs <= thresholds.commitToEffect.value ? pass(seen, ...lines) : fail(seen, evidence);
}

/** Where the time went, as far as it is known. */
function stages(detail: unknown): string {
  const { data } = arrived.safeParse(detail);
  if (data === undefined) return '';
  const released = Math.max(data.appliedMs, ...Object.values(data.releasedMs));
  return `fetched after ${seconds(data.fetchedMs)}, applied after ${seconds(data.appliedMs)}, released after ${seconds(released)}, `;
}

export const revertRestores = check({
  id: 'gitops-live.revert-restores',
  title: '`git revert` restores the prior state',
  expected: `tools, configuration, workloads and Services as before, ${String(thresholds.notRestored.value)} parts otherwise`,
  experiment,
  reason: thresholds.notRestored.reason,
  evaluate: (history) =>
    ofFact(history, 'state.changes', z.array(z.string()), (changed) => {
      if (changed.length === 0) return inconclusive('the commits changed nothing, so nothing could be restored');
      return ofStep(history, 'effect.revert', (step, evidence) =>
        ofFact(history, 'state.not-restored', z.array(z.string()), (parts, factEvidence) => {
          const found = atMost(thresholds.notRestored.value, 'parts not restored', parts, factEvidence);
          const after = seconds(effect.parse(step.detail).everywhereMs);
          return {
            ...found,
            seen: `${found.seen}, of ${String(changed.length)} that had changed (${changed.join(', ')}); for every client ${after} after the push`,
            evidence: [...(found.evidence ?? []), ...(found.verdict === 'pass' ? [evidence] : [])],
          };
        }),
      );
    }),
});
