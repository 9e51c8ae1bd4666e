import { renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Where `reports/latest` stands for a run in `reports/runs/ID`. */
export function latestOf(runFolder: string): string {
  return join(dirname(dirname(runFolder)), 'latest');
}

/** Points `reports/latest` at this run. A rename replaces the old link at once, so that it never points nowhere. */
export function pointLatestAt(runFolder: string): void {
  const latest = latestOf(runFolder);
  const fresh = `${latest}.${basename(runFolder)}`;
  symlinkSync(relative(dirname(latest), runFolder), fresh, 'dir');
  renameSync(fresh, latest);
}
