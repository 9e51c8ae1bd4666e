import type { ItemKind, ItemVerdict } from './types.ts';

type Row = Pick<ItemVerdict, 'kind' | 'number' | 'name'>;

const kinds: Readonly<Record<ItemKind, string>> = { criterion: 'Criterion', benchmark: 'Benchmark', gate: 'Gate' };

/** How a person speaks of a row, e.g. `Criterion 2` or `Config safety`. */
export function rowLabel({ kind, number, name }: Row): string {
  return name ?? `${kinds[kind]} ${String(number ?? '')}`.trim();
}

/** The row with its kind and what it is about, e.g. `Gate: Rollback` or `Criterion 2: …`. */
export function rowName(row: Row & Pick<ItemVerdict, 'text'>): string {
  return row.name === undefined ? `${rowLabel(row)}: ${row.text}` : `${kinds[row.kind]}: ${row.name}`;
}

/** The command that tries a row again; the titles of specs begin as the scorecard speaks of its rows. */
export function rerunCommand(row: Row): string {
  const pattern = rowLabel(row).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const ending = row.name === undefined ? ':' : '';
  return `npx playwright test -g '${(pattern + ending).replaceAll("'", String.raw`'\''`)}'`;
}
