import { thresholds } from '../verdict/thresholds.ts';

/** A time limit for people: `15 min`, `4 h`, `1 h 20 min`, `40 s`. `ms` in milliseconds. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes === 0) return `${Math.round(ms / 1000)} s`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours === 0 ? [] : [`${hours} h`]), ...(rest === 0 ? [] : [`${rest} min`])].join(' ');
}

/** `a, b, c and 2 more`. */
export function some(items: readonly string[], shown: number): string {
  const more = items.length > shown ? ` and ${items.length - shown} more` : '';
  return `${items.slice(0, shown).join(', ')}${more}`;
}

/** The smallest value that at least `share` of the values do not exceed (nearest rank); undefined for no values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** `median 7 min, P95 14 min, P99 not enough samples (63 of 299)`, each only with enough samples behind it. */
export function percentiles(values: readonly number[], show: (value: number) => string): string {
  const one = (name: string, share: number, floor: number) => {
    const value = quantile(values, share);
    return value === undefined || values.length < floor
      ? `${name} not enough samples (${values.length} of ${floor})`
      : `${name} ${show(value)}`;
  };
  return [
    one('median', 0.5, 1),
    one('P95', 0.95, thresholds.samplesForP95.value),
    one('P99', 0.99, thresholds.samplesForP99.value),
  ].join(', ');
}
