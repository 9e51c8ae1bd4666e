import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithin } from '../target/boundary.ts';

/**
 * Where `path` of an image is in the folder `root` that holds its files. The commands of a recipe may leave links there, and on this machine
 * `/var/cache -> /home` means its own /home, in which a build would then write and delete as root.
 * @param options.follow whether what is done follows a link that `path` itself is; removing does not.
 * @throws Error when a link leads out of `root`.
 */
export function inside(root: string, path: string, { follow = true }: { follow?: boolean } = {}): string {
  const full = join(root, path);
  // What is not there yet is made below the nearest folder that is.
  let there = follow ? full : dirname(full);
  while (lstatSync(there, { throwIfNoEntry: false }) === undefined) there = dirname(there);
  // A link to nowhere is no better: what is written there appears where it leads.
  if (existsSync(there) && isWithin(realpathSync(root), realpathSync(there))) return full;
  throw new Error(`${path} of the image leads out of it by a symbolic link`);
}
