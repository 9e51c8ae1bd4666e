import { z } from 'zod';

/** What Prometheus and its Alertmanager are told, written from what an experiment wants of them. Pure. */

/** How often, in seconds. Production asks every 15 to 60 s; a trial of minutes has to see more, and judges no rule's own `for`. */
const intervals = { scrape: 2, evaluation: 2, groupWait: 1, group: 5, repeat: 3600 } as const;

/** Pods that do not say by annotation where their metrics are. */
export const scrapeSchema = z.strictObject({
  job: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and "-"'),
  selector: z.record(z.string(), z.string()).describe('Labels of the pods'),
  port: z.union([z.int().min(1).max(65_535), z.string().min(1)]).describe('Number, or name of a container port'),
  path: z.string().startsWith('/').default('/metrics'),
});

export type Scrape = z.input<typeof scrapeSchema>;

/** What tells of others, whose labels it gives itself, and is no pod of the namespace. */
export interface Exporter {
  job: string;
  /** `host:port`, as pods reach it. */
  address: string;
}

/** Where alerts go to. */
export type Receiver =
  | { kind: 'webhook'; url: string }
  /** Slack's incoming webhook, or whatever understands its format. */
  | { kind: 'slack'; url: string; channel: string };

interface Relabelling {
  source_labels?: string[];
  regex?: string;
  action?: string;
  target_label?: string;
  replacement?: string;
}

/** Name of the job that scrapes pods with the annotation `prometheus.io/scrape: "true"`. */
export const annotatedJob = 'annotated-pods';

const meta = (name: string) => `__meta_kubernetes_pod_${name}`;
const annotation = (name: string) => meta(`annotation_prometheus_io_${name}`);

/** Pods that have ended are no targets; what is left carries its pod, and its labels such as `app` and `version`. */
const common: Relabelling[] = [
  { source_labels: [meta('phase')], regex: 'Succeeded|Failed', action: 'drop' },
  { regex: meta('label_(.+)'), action: 'labelmap' },
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: [meta('name')], target_label: 'pod' },
];

const byAnnotation: Relabelling[] = [
  { source_labels: [annotation('scrape')], regex: 'true', action: 'keep' },
  { source_labels: [annotation('scheme')], regex: '(https?)', target_label: '__scheme__' },
  { source_labels: [annotation('path')], regex: '(.+)', target_label: '__metrics_path__' },
  // A pod has a target for each of its ports; all of them become the one that it names, and Prometheus keeps one of those.
  {
    source_labels: [meta('ip'), annotation('port')],
    regex: '(.+);(\\d+)',
    replacement: '$1:$2',
    target_label: '__address__',
  },
];

/**
 * `prometheus.yml`.
 * @param namespace in which pods are looked for.
 */
export function prometheusConfig(
  namespace: string,
  scrapes: readonly Scrape[],
  exporters: readonly Exporter[] = [],
): object {
  const job = (name: string, relabelling: Relabelling[], path?: string) => ({
    job_name: name,
    ...(path === undefined ? {} : { metrics_path: path }),
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }],
    relabel_configs: [...relabelling, ...common],
  });
  return {
    global: {
      scrape_interval: `${String(intervals.scrape)}s`,
      scrape_timeout: `${String(intervals.scrape)}s`,
      evaluation_interval: `${String(intervals.evaluation)}s`,
    },
    rule_files: ['/etc/prometheus/rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: [
      job(annotatedJob, byAnnotation),
      ...scrapes.map((given) => {
        const scrape = scrapeSchema.parse(given);
        return job(scrape.job, bySelector(scrape), scrape.path);
      }),
      ...exporters.map(({ job: name, address }) => ({
        job_name: name,
        honor_labels: true,
        static_configs: [{ targets: [address] }],
      })),
    ],
  };
}

function bySelector({ selector, port }: z.output<typeof scrapeSchema>): Relabelling[] {
  const labels = Object.entries(selector).map(([key, value]) => ({
    source_labels: [meta(`label_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`)],
    regex: literal(value),
    action: 'keep',
  }));
  if (typeof port === 'string')
    return [...labels, { source_labels: [meta('container_port_name')], regex: literal(port), action: 'keep' }];
  const address = {
    source_labels: [meta('ip')],
    regex: '(.+)',
    replacement: `$1:${String(port)}`,
    target_label: '__address__',
  };
  return [...labels, address];
}

/** A text as a pattern that matches nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `alertmanager.yml`: every alert to every receiver, one message for each name of an alert, also when it is resolved. */
export function alertmanagerConfig(receivers: readonly Receiver[]): object {
  const of = (kind: Receiver['kind']) => receivers.filter((receiver) => receiver.kind === kind);
  return {
    route: {
      receiver: 'all',
      group_by: ['alertname'],
      group_wait: `${String(intervals.groupWait)}s`,
      group_interval: `${String(intervals.group)}s`,
      repeat_interval: `${String(intervals.repeat)}s`,
    },
    receivers: [
      {
        name: 'all',
        webhook_configs: of('webhook').map(({ url }) => ({ url, send_resolved: true })),
        slack_configs: receivers.flatMap((receiver) =>
          receiver.kind === 'slack' ? [{ api_url: receiver.url, channel: receiver.channel, send_resolved: true }] : [],
        ),
      },
    ],
  };
}
