import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { AutoscalerFact, ReplicasFact } from '../../../../helpers/rollout/scaling-facts.ts';

/** What the experiment on the autoscaler records where replicas follow the load, and clients keep their pod. */

const START = 1_795_255_200_000;
/** The autoscaler knows what pods use. */
const SETTLED = START + 30_000;

export const declared: AutoscalerFact = {
  replicas: 3,
  min: 3,
  max: 10,
  cpu: 70,
  memory: 80,
  scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
  scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
  trial: { factor: 0.02, windowSeconds: 30 },
};

/** Replicas one after the other, the first of them while the autoscaler knows nothing yet. */
export function replicas(...counts: number[]): ReplicasFact {
  return counts.map((count, index) => ({
    at: index === 0 ? START : SETTLED + index * 10_000,
    replicas: count,
    ready: count,
    desired: count,
  }));
}

export const usage = {
  limits: { memoryBytes: 512 * 2 ** 20, cpuCores: 1 },
  pods: ['a', 'b', 'c', 'd'].map((pod) => ({
    pod,
    memoryBytes: 150 * 2 ** 20,
    cpuCores: 0.4,
    oomKills: 0,
    restarts: 0,
  })),
};

export const affinity = { calls: 120, entry: { a: 120, b: 0, c: 0 }, spread: { a: 41, b: 38, c: 41 } };

export const autoscalingHistory = new History([
  { type: 'begin', at: START, experiment: 'model.autoscaling', target: 'model', run: '20261121-100000-abcd' },
  fact('annotations', {
    'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
    'service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled': 'true',
  }),
  fact('affinity', affinity),
  fact('autoscaler', declared),
  step('metrics', START + 1000, SETTLED),
  fact('usage', usage),
  step('scale-up', SETTLED + 5000, SETTLED + 60_000),
  step('scale-down', SETTLED + 70_000, SETTLED + 160_000),
  fact('replicas', replicas(1, 3, 5, 3)),
  { type: 'end', at: SETTLED + 161_000, status: 'completed' },
]);

function fact(key: string, value: unknown): HistoryRecord {
  return { type: 'fact', at: START, key, value };
}

function step(id: string, start: number, end: number): HistoryRecord {
  return { type: 'step', id, title: id, start, end, ok: true };
}
