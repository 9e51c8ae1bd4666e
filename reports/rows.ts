import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { ItemVerdict, RunVerdict } from '../helpers/verdict/types.ts';

/** The row of a standard that a spec judges, and where it says so. */
export interface SpecRow {
  /** Folder name of the standard. */
  standard: string;
  item: string;
  /** Line of the spec, from 1. */
  line: number;
}

/** `judge('gate-rollback')`: specs name their row in so many words. */
const JUDGED = /\bjudge\(\s*(['"`])(?<item>[\w-]+)\1/;

/**
 * Which row the spec judges; undefined for one that belongs to no standard. It is read from its source, so that it is also known of a spec
 * that never ran.
 * @param spec absolute path.
 */
export function rowOfSpec(spec: string): SpecRow | undefined {
  const folder = standardAbove(spec);
  if (folder === undefined || !existsSync(spec)) return undefined;
  const source = readFileSync(spec, 'utf8');
  const found = JUDGED.exec(source);
  const item = found?.groups?.item;
  if (found === null || item === undefined) return undefined;
  return {
    standard: relative(dirname(folder), folder).replaceAll(sep, '/'),
    item,
    line: source.slice(0, found.index).split('\n').length,
  };
}

/** The verdict on a row; the run's own target comes first. */
export function verdictOfRow(
  verdict: RunVerdict | undefined,
  { standard, item }: Pick<SpecRow, 'standard' | 'item'>,
): ItemVerdict | undefined {
  return verdict?.standards
    .find((candidate) => candidate.standard === standard)
    ?.items.find((candidate) => candidate.id === item);
}

/** The nearest folder above a spec that has a `standard.ts`. */
function standardAbove(spec: string): string | undefined {
  let folder = dirname(spec);
  while (!existsSync(join(folder, 'standard.ts'))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return folder;
}
