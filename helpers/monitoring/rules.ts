import { stringify } from 'yaml';
import { rollbackTriggers } from '../planning/limits.ts';
import type { Limit } from '../planning/schema.ts';
import { limitText } from '../planning/text.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { modelMetrics } from './metrics.ts';
import type { ModelMetrics } from './metrics.ts';

/** How far rules look back, and how long a condition has to hold before anybody is woken. In seconds. */
export interface AlertTiming {
  window: number;
  hold: number;
}

/** Several scrapes at any usual interval lie in the window, and a pod that is replaced is over within the hold. */
export const productionTiming: AlertTiming = { window: 300, hold: 60 };

/** A trial of minutes scrapes every two seconds: the same rules, faster. */
export const trialTiming: AlertTiming = { window: 20, hold: 4 };

export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Names of the alerts, by the metric of the trigger that they watch. */
export const alertNames = {
  'error-rate': 'ModelErrorRateHigh',
  'average-latency': 'ModelAverageLatencyHigh',
  p95: 'ModelP95LatencyHigh',
  availability: 'ModelAvailabilityLow',
  'oom-kills': 'ModelOutOfMemory',
} as const satisfies Partial<Record<Limit['metric'], string>>;

type Watched = keyof typeof alertNames;

/** Not a reason to roll back by itself, since replicas come and go; one that stays away is a reason to look. */
export const podNotReady = 'ModelPodNotReady';

type Model = Pick<ModelDeclaration, 'name' | 'serving' | 'rollbackThreshold'>;

/**
 * An alert for each rollback trigger of the model, and one for pods that do not get ready. Pure.
 * @returns empty where it is not known how the server tells its figures.
 */
export function alertRules(model: Model, timing: AlertTiming = productionTiming): AlertRule[] {
  const metrics = modelMetrics(model);
  if (metrics === undefined) return [];
  const rule = (alert: string, expr: string, hold: number, summary: string): AlertRule => ({
    alert,
    expr,
    for: `${String(hold)}s`,
    labels: { severity: 'critical', model: model.name },
    annotations: { summary },
  });
  const window = `${String(timing.window)}s`;
  return [
    ...rollbackTriggers(model).flatMap((limit) => {
      if (!isWatched(limit.metric)) return [];
      // An OOM kill is one event, and has happened; an average over a window has waited already.
      const hold = limit.metric === 'oom-kills' || limit.metric === 'availability' ? 0 : timing.hold;
      const expr = `${expressionOf(metrics, limit.metric, window)} ${limit.comparator} ${String(inBaseUnit(limit))}`;
      return [
        rule(
          alertNames[limit.metric],
          expr,
          hold,
          `${model.name}: ${limitText({ ...limit, version: 'any' })}; a trigger of the rollback plan`,
        ),
      ];
    }),
    {
      ...rule(podNotReady, metrics.unreadyPods, timing.hold * 2, `${model.name}: pod {{ $labels.pod }} is not ready`),
      labels: { severity: 'warning', model: model.name },
    },
  ];
}

/** The rules as a file of Prometheus. */
export function alertRulesYaml(model: Model, timing: AlertTiming = productionTiming): string {
  const groups = [{ name: `${model.name}.alerts`, rules: alertRules(model, timing) }];
  return stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function isWatched(metric: Limit['metric']): metric is Watched {
  return metric in alertNames;
}

/** What is compared with the limit. */
export function expressionOf(metrics: ModelMetrics, metric: Watched, window: string): string {
  switch (metric) {
    case 'error-rate':
      return metrics.errorRate(window);
    case 'average-latency':
      return metrics.averageLatency(window);
    case 'p95':
      return metrics.latencyQuantile(0.95, window);
    case 'availability':
      return metrics.availability(window);
    case 'oom-kills':
      return metrics.oomKills;
  }
}

/** Prometheus counts seconds. */
export function inBaseUnit({ value, unit }: Pick<Limit, 'value' | 'unit'>): number {
  return unit === 'ms' ? value / 1000 : value;
}
