import { analysisFact } from '../../rollout/argo-facts.ts';
import { CANDIDATE } from '../../rollout/facts.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { ofRollout } from '../rollouts.ts';
import type { Check } from '../types.ts';

/** Whether the analysis had something to go by: one that measures nothing lets every version through. */
export function analysed({ experiment, name }: { experiment: string; name: string }): Check {
  return check({
    id: `${experiment}.analysed`,
    title: `The analysis of ${name} measures every rollback trigger on the new version`,
    expected: 'a figure from Prometheus for each trigger of the rollback plan, none of them beyond its limit',
    experiment,
    reason: 'With no data a query has no result, and an analysis without one does not fail.',
    evaluate: (history) =>
      ofRollout(history, CANDIDATE, ({ plan }) =>
        ofFact(history, `analysis.${CANDIDATE}`, analysisFact, (runs, evidence) => {
          const metrics = runs.flatMap((run) => run.metrics);
          const found = plan.rollback.triggers.map(({ metric }) => {
            const own = metrics.filter((one) => one.name === metric);
            const sum = (of: (one: (typeof own)[number]) => number) => own.reduce((total, one) => total + of(one), 0);
            const [values, failed, measurements] = [
              own.flatMap((one) => one.values),
              sum((one) => one.failed),
              sum((one) => one.measurements),
            ];
            const seen = `${metric} ${values.length === 0 ? 'without a figure' : String(Number(Math.max(...values).toFixed(4)))} at most of the last, ${String(measurements)} measurements`;
            return { metric, values, failed, seen };
          });
          const seen = found.map((one) => one.seen).join('; ');
          const beyond = found.filter(({ failed }) => failed > 0).map(({ metric }) => metric);
          if (beyond.length > 0) return fail(`beyond the limit: ${beyond.join(', ')}; ${seen}`, evidence);
          const unseen = found.filter(({ values }) => values.length === 0).map(({ metric }) => metric);
          if (unseen.length > 0) return inconclusive(`Prometheus had nothing on ${unseen.join(', ')}; ${seen}`);
          return pass(seen, evidence);
        }),
      ),
  });
}
