import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The same order on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names of files and folders in `folder`, sorted; none when it does not exist. */
export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted(byCodeUnits) : [];
}

/** Paths of all files below `folder`, with slashes, sorted; none when it does not exist. Links are not followed. */
export function filesBelow(folder: string): string[] {
  return entriesBelow(folder)
    .filter(({ isFile }) => isFile)
    .map(({ path }) => path);
}

/** The same with everything that is neither a file nor a folder, e.g. links. */
export function entriesBelow(folder: string): { path: string; isFile: boolean }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({
      path: relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'),
      isFile: entry.isFile(),
    }))
    .toSorted((a, b) => byCodeUnits(a.path, b.path));
}
