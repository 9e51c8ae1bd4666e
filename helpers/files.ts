import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from './errors.ts';

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

/** Values, schemas and documents of charts are well below it, in bytes; what is longer would keep its readers busy for long. */
const LONGEST_TEXT = 2 * 1024 * 1024;

/** The same for Markdown: its parser takes a time that grows with the square of the length, for a document that means harm. */
export const LONGEST_MARKDOWN = 256 * 1024;

/** The text of a file that a target or a chart brings. @throws UserError when it is longer than `longest` bytes, which nobody writes by hand. */
export function textOf(file: string, longest = LONGEST_TEXT): string {
  const { size } = statSync(file);
  if (size <= longest) return readFileSync(file, 'utf8');
  throw new UserError({
    what: `The file has ${String(size)} bytes; at most ${String(longest)} are read`,
    where: file,
    fix: 'split it, or leave out what is not needed',
  });
}
