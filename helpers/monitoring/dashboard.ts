import type { ModelDeclaration } from '../target/model/schema.ts';
import { limitText } from '../planning/text.ts';
import { rollbackTriggers } from '../planning/limits.ts';
import { modelMetrics } from './metrics.ts';

/** Grafana puts the time between two points here; whoever asks without Grafana puts a window of their own. */
export const WINDOW_VARIABLE = '$__rate_interval';

/** A row of the grid of Grafana has 24 columns. */
const WIDTH = 12;
const HEIGHT = 8;

interface Query {
  expr: string;
  legend: string;
}

interface Panel {
  title: string;
  unit: 'short' | 'reqps' | 'percentunit' | 's' | 'bytes';
  queries: Query[];
  /** Drawn as a line, in the unit. */
  limit?: number;
}

type Model = Pick<ModelDeclaration, 'name' | 'serving' | 'rollbackThreshold' | 'slo'>;

/** What the person on call looks at, as panels. Pure. @returns empty where it is not known how the server tells its figures. */
export function dashboardPanels(model: Model): Panel[] {
  const metrics = modelMetrics(model);
  if (metrics === undefined) return [];
  const { selector } = metrics;
  const window = WINDOW_VARIABLE;
  const quantile = (share: number, legend: string): Query => ({ expr: metrics.latencyQuantile(share, window), legend });
  const one = (title: string, unit: Panel['unit'], expr: string, limit?: number): Panel => ({
    title,
    unit,
    queries: [{ expr, legend: title }],
    ...(limit === undefined ? {} : { limit }),
  });
  return [
    {
      title: 'Requests by version and status',
      unit: 'reqps',
      queries: [{ expr: metrics.requests(window, 'model_version, status'), legend: '{{model_version}} {{status}}' }],
    },
    one('Error rate', 'percentunit', metrics.errorRate(window), model.slo.errorRate),
    {
      title: 'Latency',
      unit: 's',
      queries: [
        quantile(0.5, 'P50'),
        quantile(0.95, 'P95'),
        quantile(0.99, 'P99'),
        { expr: metrics.averageLatency(window), legend: 'average' },
      ],
      limit: model.slo.p95Ms / 1000,
    },
    one('Availability', 'percentunit', metrics.availability(window), model.slo.availability),
    one('Replicas that are ready', 'short', metrics.readyPods),
    {
      title: 'Restarts and OOM kills',
      unit: 'short',
      queries: [
        { expr: metrics.restarts, legend: 'restarts' },
        // No series until there is one.
        { expr: `${metrics.oomKills} or vector(0)`, legend: 'OOM kills' },
      ],
    },
    one('Memory by pod', 'bytes', `sum by (pod) (process_resident_memory_bytes{${selector}})`),
    one('CPU by pod, in cores', 'short', `sum by (pod) (rate(process_cpu_seconds_total{${selector}}[${window}]))`),
    {
      title: 'Firing alerts',
      unit: 'short',
      queries: [{ expr: `count(ALERTS{alertstate="firing",model="${model.name}"}) or vector(0)`, legend: 'alerts' }],
    },
  ];
}

/** The dashboard as Grafana imports it; it asks for the data source. Pure. */
export function dashboard(model: Model): object {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  const triggers = rollbackTriggers(model).map((limit) => limitText({ ...limit, version: 'any' }));
  return {
    uid: `seatrial-${model.name}`.slice(0, 40),
    title: `Model ${model.name}`,
    description: `Rolled back when: ${triggers.join('; ')}.`,
    tags: ['model-serving'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }] },
    panels: dashboardPanels(model).map(({ title, unit, queries, limit }, index) => ({
      id: index + 1,
      type: 'timeseries',
      title,
      datasource,
      gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
      fieldConfig: {
        defaults: {
          unit,
          min: 0,
          custom: { thresholdsStyle: { mode: limit === undefined ? 'off' : 'line' } },
          ...(limit === undefined ? {} : { thresholds: { mode: 'absolute', steps: steps(limit) } }),
        },
        overrides: [],
      },
      targets: queries.map(({ expr, legend }, query) => ({
        refId: String.fromCodePoint(65 + query),
        datasource,
        expr,
        legendFormat: legend,
      })),
    })),
  };
}

function steps(limit: number): object[] {
  return [
    { color: 'transparent', value: null },
    { color: 'red', value: limit },
  ];
}
