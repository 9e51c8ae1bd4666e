import { z } from 'zod';
import { all, atMost, check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Check } from '../types.ts';

/** Checks on what stands before a deployment: manifests, probes, and the rollback plan. */
const experiment = 'model.review';

function noFinding(id: string, title: string, noun: string): Check {
  return check({
    id: `model.review.${id}`,
    title,
    expected: `${String(thresholds.planGaps.value)} ${noun}`,
    experiment,
    reason: thresholds.planGaps.reason,
    evaluate: (history) =>
      ofFact(history, `review.${id}`, z.array(z.string()), (findings, evidence) =>
        atMost(thresholds.planGaps.value, noun, findings, evidence),
      ),
  });
}

export const isTaken = check({
  id: 'model.review.dry-run',
  title: 'The API server would take the manifests, whatever the strategy',
  expected:
    'server-side dry runs of the strategies that need no mesh, and of the others where there is one, none refused',
  experiment,
  evaluate: (history) =>
    all(
      history.steps
        .filter(({ id }) => id.startsWith('dry-run.'))
        .map((step) => {
          const { objects } = z
            .object({ objects: z.number() })
            .partial()
            .parse(step.detail ?? {});
          const evidence = history.reference(step);
          if (!step.ok) return fail(`${step.id}: ${step.error ?? 'refused'}`, evidence);
          return objects === undefined || objects === 0
            ? inconclusive(`${step.id}: there were no objects`)
            : pass(`${step.id}: ${String(objects)} objects`, evidence);
        }),
      'no dry run was recorded',
    ),
});

export const keepsPolicy = noFinding(
  'policy',
  'The manifests hold to what a reviewer asks for: no root, no privileges, no moving image, limits, no secret in clear',
  'findings of the review',
);
export const hasProbes = noFinding(
  'probes',
  'Health checks are configured: every model server has a liveness and a readiness probe, which differ',
  'probes missing or wrong',
);
export const hasRollbackPlan = noFinding(
  'rollback-plan',
  'The rollback plan is documented: triggers, procedure, every phase, validation, and who is told',
  'gaps in the rollback plan',
);
