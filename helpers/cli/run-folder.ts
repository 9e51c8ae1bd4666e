import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { isRunId } from '../run/id.ts';
import { runsFolder } from '../run/run.ts';

/**
 * The folder of the run that a person means: by its id, by its folder, or the latest.
 * @throws UserError when there is none.
 */
export function runFolderOf(run: string | undefined): string {
  const folder =
    run === undefined ? join(runsFolder, '..', 'latest') : isRunId(run) ? join(runsFolder, run) : resolve(run);
  if (existsSync(join(folder, 'run.json'))) return folder;
  throw new UserError({
    what: run === undefined ? 'There is no run yet' : `There is no run ${run}`,
    where: folder,
    fix: 'start one with `npx playwright test`, or name one of the folders in reports/runs',
  });
}
