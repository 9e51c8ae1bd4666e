import { affinityFact, annotationsFact, autoscalerFact, replicasFact } from '../../rollout/scaling-facts.ts';
import { atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../types.ts';
import { executionChecks } from './model-gates/execution.ts';

/** Checks on what follows the load: replicas, and the load balancer that hands clients to them. */
const experiment = 'model.autoscaling';

/** The protocol's own behaviour. */
const BEHAVIOUR = {
  scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
  scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
};
/** Percent of what is requested, at most: the protocol's targets. */
const MOST = { cpu: 70, memory: 80 };
const ANNOTATIONS = {
  'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
  'service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled': 'true',
};
/** Share of one client's calls that its pod has to have counted; scrapes and probes are in none of the two. */
const ONE_POD = 0.95;

export const isDeclared = check({
  id: `${experiment}.declared`,
  title: 'The autoscaler is as the protocol has it',
  expected: `from the declared replicas up, CPU at ${String(MOST.cpu)} % and memory at ${String(MOST.memory)} % or less, and the protocol's behaviour`,
  experiment,
  evaluate: (history) =>
    ofFact(
      history,
      'autoscaler',
      autoscalerFact,
      ({ replicas, min, max, cpu, memory, scaleUp, scaleDown, trial }, evidence) => {
        const wrong = [
          ...(min === replicas ? [] : [`from ${String(min)} instead of ${String(replicas)}`]),
          ...(max > min ? [] : [`to ${String(max)}: it cannot scale`]),
          ...(cpu !== undefined && cpu <= MOST.cpu ? [] : [`CPU ${String(cpu ?? 'missing')}`]),
          ...(memory !== undefined && memory <= MOST.memory ? [] : [`memory ${String(memory ?? 'missing')}`]),
          ...(JSON.stringify({ scaleUp, scaleDown }) === JSON.stringify(BEHAVIOUR) ? [] : ['another behaviour']),
        ];
        const seen = `${String(min)} to ${String(max)}, CPU ${String(cpu)} %, memory ${String(memory)} %; in the trial scaling down waits ${String(trial.windowSeconds)} s (factor ${String(trial.factor)}) instead of ${String(scaleDown.stabilizationWindowSeconds)} s`;
        return wrong.length === 0 ? pass(seen, evidence) : fail(`${wrong.join(', ')}; ${seen}`, evidence);
      },
    ),
});

export const scalesUp = check({
  id: `${experiment}.up`,
  title: 'Load brings replicas',
  expected: 'more ready replicas than at rest, and never more than declared',
  experiment,
  evaluate: (history) =>
    afterSettling(history, 'scale-up', (seen, { most, max }, evidence) =>
      most <= max ? pass(seen, evidence) : fail(seen, evidence),
    ),
});

export const scalesDown = check({
  id: `${experiment}.down`,
  title: 'Replicas go when the load does',
  expected: 'as many replicas as at rest, and never fewer',
  experiment,
  evaluate: (history) =>
    afterSettling(history, 'scale-down', (seen, { least, last, min }, evidence) =>
      least >= min && last === min ? pass(seen, evidence) : fail(seen, evidence),
    ),
});

interface Extent {
  min: number;
  max: number;
  most: number;
  least: number;
  last: number;
}

/** What to find in the replicas since the autoscaler had its first metrics, if the step was done. */
function afterSettling(
  history: History,
  step: string,
  find: (seen: string, extent: Extent, evidence: string) => Finding,
): Finding {
  return ofStep(history, 'metrics', ({ end }) =>
    ofStep(history, step, () =>
      ofFact(history, 'autoscaler', autoscalerFact, ({ min, max }) =>
        ofFact(history, 'replicas', replicasFact, (series, evidence) => {
          const counts = series.filter(({ at }) => at >= end).map(({ replicas }) => replicas);
          if (counts.length === 0) return inconclusive('no change of the replicas was recorded');
          const [most, least, last = 0] = [Math.max(...counts), Math.min(...counts), counts.at(-1)];
          const course = counts.filter((count, index) => count !== counts[index - 1]).join(' → ');
          return find(
            `replicas ${course}; declared ${String(min)} to ${String(max)}`,
            { min, max, most, least, last },
            evidence,
          );
        }),
      ),
    ),
  );
}

export const keepsClients = check({
  id: `${experiment}.affinity`,
  title: 'A client keeps its pod over new connections',
  expected: `${String(ONE_POD * 100)} % or more of one client's calls counted by one pod, where a Service without affinity spreads them`,
  experiment,
  evaluate: (history) =>
    ofFact(history, 'affinity', affinityFact, ({ calls, entry, spread }, evidence) => {
      const told = (counted: Record<string, number>) =>
        Object.values(counted)
          .toSorted((a, b) => b - a)
          .join(' + ');
      const most = (counted: Record<string, number>) => Math.max(0, ...Object.values(counted));
      const all = (counted: Record<string, number>) => Object.values(counted).reduce((sum, count) => sum + count, 0);
      const seen = `of ${String(calls)} calls, counted by pods: ${told(entry)}; without affinity: ${told(spread)}`;
      if (Math.min(all(entry), all(spread)) < calls) return inconclusive(`${seen}: the pods did not count the calls`);
      if (most(spread) >= ONE_POD * calls) return inconclusive(`${seen}: they would not have been spread anyway`);
      return most(entry) >= ONE_POD * calls ? pass(seen, evidence) : fail(seen, evidence);
    }),
});

export const isNetworkLoadBalancer = check({
  id: `${experiment}.annotations`,
  title: 'On AWS it would be a network load balancer across zones',
  expected: `the protocol's annotations; read from the Service, not tried: ${Object.keys(ANNOTATIONS).join(', ')}`,
  experiment,
  evaluate: (history) =>
    ofFact(history, 'annotations', annotationsFact, (annotations, evidence) =>
      atMost(
        0,
        'annotations missing or other',
        Object.entries(ANNOTATIONS).flatMap(([name, value]) => (annotations[name] === value ? [] : [name])),
        evidence,
      ),
    ),
});

/** Under the load that brought replicas. */
export const staysWithinLimits = executionChecks(experiment).resources;
