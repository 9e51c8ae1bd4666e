import type { GatewayApi } from './types.ts';

/**
 * The fields of named entries that somebody configured, the entries by name. Ids and times are left out, since they change without
 * anybody changing the configuration; lists of texts are sorted, since their order means nothing.
 */
export function configured(entries: unknown, fields: readonly string[]): Record<string, unknown>[] {
  return (entries as Record<string, unknown>[])
    .map((entry) => Object.fromEntries(fields.map((field) => [field, sorted(entry[field])])))
    .toSorted((a, b) => String(a.name).localeCompare(String(b.name)));
}

/** The same value with every list of texts in it sorted, however deep: sets are told in whatever order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.every((item) => typeof item === 'string') ? items.toSorted() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, sorted(entry)]));
}

/** An effect that clients see: whether a pod lists the tool, or no longer does. */
export function lists(tool: string, listed = true): (pod: GatewayApi) => Promise<boolean> {
  return async (pod) => (await pod.tools()).includes(tool) === listed;
}
