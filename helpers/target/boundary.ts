import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
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

/** A folder that has more than this below it, links followed, is no chart and no part of an image that somebody wrote. */
const MOST_ENTRIES = 20_000;

/**
 * Why `folder` must not be copied with what its links lead to; undefined when it may. Whoever follows a link out of `boundary` hands out a
 * file of this machine that the link's author likes to see, and one that leads back to where it stands is never done.
 * @param boundary without links itself.
 * @param leftOut names of files and folders that are not copied.
 */
export function unsafeCopy(folder: string, boundary: string, leftOut: readonly string[] = []): string | undefined {
  let entries = 0;
  const look = (place: string, above: readonly string[]): string | undefined => {
    const here = [...above, realpathSync(place)];
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      if (leftOut.includes(entry.name)) continue;
      if (++entries > MOST_ENTRIES) return `holds more than ${String(MOST_ENTRIES)} files`;
      const path = join(place, entry.name);
      const name = relative(folder, path);
      if (!existsSync(path)) return `holds the link ${name}, which leads nowhere`;
      const real = realpathSync(path);
      if (entry.isSymbolicLink() && !isWithin(boundary, real))
        return `holds the link ${name}, which leads out of ${boundary}`;
      if (!statSync(path).isDirectory()) continue;
      const problem = here.includes(real) ? `holds the link ${name}, which leads in a circle` : look(path, here);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return look(folder, []);
}

/** Whether `inner` is `outer` or lies below it; both without links. */
export function isWithin(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith('../') && !isAbsolute(path));
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
