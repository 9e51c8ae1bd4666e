import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/**
 * The outermost folder that a target may refer to: the Git repository that it lies in, else the current folder when the target
 * lies below it, else the target's own folder. A declaration from elsewhere cannot make Seatrial read files that its author
 * has nothing to do with.
 */
export function boundaryOf(folder: string, cwd: string = process.cwd()): string {
  const real = realpathSync(folder);
  const repository = ancestors(real).find((candidate) => existsSync(join(candidate, '.git')));
  if (repository !== undefined) return repository;
  const here = realpathSync(cwd);
  return isWithin(here, real) ? here : real;
}

/** Why `path`, as written in a file of `folder`, cannot be used; undefined when it exists and lies within `boundary`. */
export function problemOf(path: string, folder: string, boundary: string): { what: string; fix: string } | undefined {
  if (isAbsolute(path))
    return { what: `"${path}" is an absolute path`, fix: 'write it relative to the folder of target.yaml' };
  const full = resolve(folder, path);
  if (!existsSync(full)) return { what: `"${path}" does not exist`, fix: `create ${full} or correct the path` };
  // Symbolic links are followed first, so that a link cannot lead outside either.
  if (isWithin(boundary, realpathSync(full))) return undefined;
  return { what: `"${path}" lies outside ${boundary}`, fix: 'copy it into the repository of the target' };
}

function isWithin(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith('../') && !isAbsolute(path));
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
