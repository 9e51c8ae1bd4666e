import type { AnalysisRun } from '../../kubernetes/argo.ts';
import { argoKinds, POD_HASH } from '../../kubernetes/argo.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import type { Plan } from '../../planning/schema.ts';
import type { AnalysisFact } from '../../rollout/argo-facts.ts';
import type { OutcomeFact } from '../../rollout/facts.ts';

/** What the analyses of the pods with this hash have measured so far. */
export async function analysesOf(kube: Kube, hash: string): Promise<AnalysisFact> {
  const { items } = await kube.list(argoKinds.analysisRun, { labelSelector: `${POD_HASH}=${hash}` });
  return items.map(analysisOf);
}

function analysisOf({ metadata, status }: AnalysisRun): AnalysisFact[number] {
  return {
    run: metadata?.name ?? '',
    phase: status?.phase ?? 'Pending',
    ...(status?.message === undefined ? {} : { message: status.message }),
    metrics: (status?.metricResults ?? []).map(
      ({ name, phase, message, count = 0, failed = 0, error = 0, measurements = [] }) => {
        const values = measurements.flatMap((one) => numbersIn(one.value));
        const why = message ?? measurements.findLast((one) => one.message !== undefined)?.message;
        const reached = measurements.filter((one) => one.phase === 'Failed').flatMap((one) => numbersIn(one.value));
        return {
          name,
          phase,
          measurements: count,
          failed,
          errors: error,
          values,
          reached,
          ...(why === undefined ? {} : { message: why }),
        };
      },
    ),
  };
}

/** A measurement of Prometheus is written as a list: `[0.3331]`, and `[]` where there was nothing to measure. */
export function numbersIn(value = ''): number[] {
  const list = /^\[(.*)\]$/.exec(value.trim());
  if (list === null) return [];
  return (list[1] ?? '')
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map(Number)
    .filter((number) => !Number.isNaN(number));
}

/** What turned the candidate back: the triggers whose measurements failed, else whatever the controller says. */
export function turnedBackBy(
  { rollback }: Pick<Plan, 'rollback'>,
  analyses: AnalysisFact,
  { at, message, calls }: { at: number; message: string; calls: number },
): NonNullable<OutcomeFact['turnedBack']> {
  const metrics = analyses.flatMap((analysis) => analysis.metrics);
  const reached = rollback.triggers.flatMap((limit) => {
    const metric = metrics.find(({ name, failed }) => name === limit.metric && failed > 0);
    const seen = metric?.reached.at(-1);
    if (seen === undefined) return [];
    // Prometheus counts seconds.
    return [{ limit, seen: limit.unit === 'ms' ? seen * 1000 : seen, samples: calls }];
  });
  return { at, by: reached.length > 0 ? 'trigger' : 'failure', reason: message, reached };
}
