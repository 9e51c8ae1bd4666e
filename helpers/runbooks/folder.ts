import { readdirSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { LONGEST_MARKDOWN, textOf } from '../files.ts';
import { readRunbook } from './read.ts';
import type { Runbook } from './types.ts';

/**
 * All runbooks of a folder, by their names; folders below it too. A link that leads out of the folder is not followed: what it holds would
 * be executed.
 */
export function readRunbooks(folder: string): Runbook[] {
  const root = realpathSync(folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && isWithin(root, join(root, name)))
    .sort()
    .flatMap((name) => readRunbook(relative(root, join(root, name)), textOf(join(root, name), LONGEST_MARKDOWN)) ?? []);
}

function isWithin(root: string, file: string): boolean {
  return realpathSync(file).startsWith(`${root}${sep}`);
}

/** The runbook for a failure; the first by name when several claim to be it. */
export function runbookFor(failure: string, runbooks: readonly Runbook[]): Runbook | undefined {
  return runbooks.find(({ failures }) => failures.includes(failure));
}
