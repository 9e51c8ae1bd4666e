import { strategies } from '../target/model/schema.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { metricsPort } from '../target/model/serving.ts';
import { workloadName } from '../deliverables/slots.ts';

/**
 * Expressions of PromQL on one model, of which rules and dashboard are made. What only the server knows comes from its own metrics; states of
 * pods come from kube-state-metrics, or from whatever tells them under the same names. Pure.
 */
export interface ModelMetrics {
  /** Requests for predictions a second, with the labels to sum by. */
  requests(window: string, by: string): string;
  /** Share of them that the server failed at: 0 where nothing failed, and nothing where nobody asked. */
  errorRate(window: string): string;
  /** Seconds on average. */
  averageLatency(window: string): string;
  /** Seconds that this share of the requests stayed below. */
  latencyQuantile(quantile: number, window: string): string;
  /** Replicas that are ready. */
  readyPods: string;
  /** Pods that are not ready, each with its name. */
  unreadyPods: string;
  /** Share of the time in which at least one replica was ready: 0 where no replica is left at all. */
  availability(window: string): string;
  /** Containers whose last end was that they were out of memory. */
  oomKills: string;
  restarts: string;
  /** Matches the series of the model's pods, and of nothing else. */
  selector: string;
}

/** The job that tells the states of pods, as everybody calls it. */
export const podStateJob = 'kube-state-metrics';

/** Seconds between the moments at which availability is looked at. */
const AVAILABILITY_STEP = '1s';

/**
 * @param pods a pattern of the names of the pods that it is about; default: all of the model.
 * @returns undefined where it is not known under which names the server of that protocol tells its figures.
 */
export function modelMetrics(
  model: Pick<ModelDeclaration, 'name' | 'serving'>,
  pods = podPattern(model.name),
): ModelMetrics | undefined {
  const { serving } = model;
  if (serving.protocol !== 'rest') return undefined;
  const selector = `pod=~"${pods}"`;
  const { predict, batchPredict } = serving.paths;
  const asked = `handler=~"${[predict, batchPredict].map(literal).join('|')}",${selector}`;
  const rate = (metric: string, labels: string, window: string) => `rate(${metric}{${labels}}[${window}])`;
  const total = (window: string) => `sum(${rate('http_requests_total', asked, window)})`;
  const duration = (suffix: string, window: string) => rate(`http_request_duration_seconds_${suffix}`, asked, window);
  const ready = `kube_pod_status_ready{condition="true",${selector}}`;
  return {
    selector,
    requests: (window, by) => `sum by (${by}) (${rate('http_requests_total', asked, window)})`,
    errorRate: (window) => {
      const failed = `sum(${rate('http_requests_total', `status=~"5..",${asked}`, window)})`;
      return `(${failed} or 0 * ${total(window)}) / ${total(window)}`;
    },
    averageLatency: (window) => `sum(${duration('sum', window)}) / sum(${duration('count', window)})`,
    latencyQuantile: (quantile, window) =>
      `histogram_quantile(${String(quantile)}, sum by (le) (${duration('bucket', window)}))`,
    readyPods: `sum(${ready})`,
    unreadyPods: `${ready} == 0`,
    // Without a pod there is no series of it; and before anybody watched there is nothing to say.
    availability: (window) =>
      `avg_over_time((max(${ready}) or 0 * max(up{job=~".*${podStateJob}.*"}))[${window}:${AVAILABILITY_STEP}])`,
    oomKills: `sum(kube_pod_container_status_last_terminated_reason{reason="OOMKilled",${selector}})`,
    restarts: `sum(kube_pod_container_status_restarts_total{${selector}})`,
  };
}

/** The names that Deployments give to the pods of a model, whatever the strategy; gateways and the like are left out. */
export function podPattern(name: string): string {
  const workloads = new Set(
    strategies.flatMap((strategy) =>
      (['stable', 'candidate'] as const).map((role) => workloadName(name, strategy, role)),
    ),
  );
  return `(${[...workloads].toSorted().map(literal).join('|')})-[a-z0-9]+-[a-z0-9]{5}`;
}

/** A text as a pattern in a string of PromQL that matches nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\\\$&');
}

/** How Prometheus finds the metrics of all pods of a model, as the job `model`. */
export function modelScrape({ name, serving }: Pick<ModelDeclaration, 'name' | 'serving'>) {
  const port = serving.ports[metricsPort(serving) ?? 'http'] ?? 0;
  return { job: 'model', selector: { app: name }, port, path: serving.paths.metrics };
}
