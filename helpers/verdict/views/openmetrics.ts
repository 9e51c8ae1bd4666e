/** A family of gauges: nothing that a run leaves counts on. */
export interface Family {
  /** In snake_case; ends with the unit, where there is one. */
  name: string;
  help: string;
  unit?: 'seconds';
  samples: Sample[];
}

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Media type under which the text is served. */
export const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/**
 * The text format of OpenMetrics 1.0, gauges only: Prometheus's older text format has the same ones, so that the textfile collector of
 * node_exporter reads it, too. Families without a sample are left out, and of samples with the same labels all but the first.
 */
export function openMetrics(families: readonly Family[]): string {
  return `${families.flatMap(linesOf).join('')}# EOF\n`;
}

function linesOf({ name, help, unit, samples }: Family): string[] {
  if (samples.length === 0) return [];
  const lines = new Map(samples.toReversed().map(({ labels, value }) => [labelsText(labels), valueText(value)]));
  return [
    `# TYPE ${name} gauge\n`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}\n`]),
    `# HELP ${name} ${escaped(help)}\n`,
    ...[...lines].toReversed().map(([labels, value]) => `${name}${labels} ${value}\n`),
  ];
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Control characters have no place on a dashboard, and some of them end a line for some readers. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('"', String.raw`\"`);
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
