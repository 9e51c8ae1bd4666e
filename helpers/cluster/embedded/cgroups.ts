import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** Version 2 has one hierarchy, version 1 one a controller (as folders or as mounts). */
function hierarchies(): string[] {
  if (existsSync(join(root, 'cgroup.controllers'))) return [root];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'cgroup.procs')))
    .map((entry) => join(root, entry.name));
}

/**
 * Makes the cgroup that holds everything of one node, in every hierarchy. Only folders named `name` are made; the roots are
 * not touched. In version 1 a new cpuset is empty and refuses processes until it has processors and memory nodes.
 */
export function makeCgroup(name: string): void {
  for (const hierarchy of hierarchies()) {
    const folder = join(hierarchy, name);
    mkdirSync(folder, { recursive: true });
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (hierarchy !== root && existsSync(join(folder, file)))
        writeFileSync(join(folder, file), readFileSync(join(hierarchy, file)));
    }
  }
}

/** Ids of all processes in the cgroups called `name`, in any hierarchy and at any depth. */
export function cgroupPids(name: string): number[] {
  const pids = foldersBelow(name).flatMap((folder) => readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n'));
  return [...new Set(pids.filter((pid) => pid !== '' && pid !== '0').map(Number))];
}

/** Removes the empty cgroups called `name` and all below them; returns those that would not go. */
export function removeCgroup(name: string): string[] {
  return foldersBelow(name).filter((folder) => {
    try {
      rmdirSync(folder);
      return false;
    } catch {
      return existsSync(folder);
    }
  });
}

/** Deepest first, since a cgroup can be removed only when it has no children. */
function foldersBelow(name: string): string[] {
  const walk = (folder: string): string[] =>
    !existsSync(folder)
      ? []
      : [
          ...readdirSync(folder, { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .flatMap((entry) => walk(join(folder, entry.name))),
          folder,
        ];
  return hierarchies().flatMap((hierarchy) => walk(join(hierarchy, name)));
}
