import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { isRunId } from '../run/id.ts';
import { runsFolder } from '../run/run.ts';
import { judgeRun, readRunFolder, verdictFiles } from '../verdict/run-folder.ts';
import { loadStandards } from '../verdict/standards.ts';

/** `seatrial scorecard`: the Markdown to paste on standard output, remarks on standard error. */
export function scorecardCommand(): Command {
  return new Command('scorecard')
    .description('Print the scorecard of a run, ready to paste')
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--standard <id>', 'which standard', 'category-8')
    .option(
      '--rebuild',
      'work out the verdict anew from the stored histories, and say whether it is the same byte for byte',
    )
    .action(async (run: string | undefined, options: { standard: string; rebuild?: true }) => {
      const folder = folderOf(run);
      if (options.rebuild === true) await rebuild(folder);
      process.stdout.write(scorecardIn(folder, options.standard));
    });
}

function folderOf(run: string | undefined): string {
  const folder =
    run === undefined ? join(runsFolder, '..', 'latest') : isRunId(run) ? join(runsFolder, run) : resolve(run);
  if (existsSync(join(folder, 'run.json'))) return folder;
  throw new UserError({
    what: run === undefined ? 'There is no run yet' : `There is no run ${run}`,
    where: folder,
    fix: 'start one with `npx playwright test`, or name one of the folders in reports/runs',
  });
}

function scorecardIn(folder: string, standard: string): string {
  const file = join(folder, `scorecard-${standard}.md`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new UserError({
    what: `This run has no scorecard of ${standard}`,
    where: file,
    fix: 'rebuild it with --rebuild, or name another standard: a folder in tests/ with a standard.ts',
  });
}

/** Writes what follows from the histories. Whatever was there and differs is named, and the exit code says so. */
async function rebuild(folder: string): Promise<void> {
  const standards = await loadStandards();
  const files = verdictFiles(judgeRun(readRunFolder(folder), standards), standards);
  const changed = [...files].filter(([name, content]) => {
    const file = join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== content;
  });
  for (const [name, content] of changed) writeFileSync(join(folder, name), content);
  const names = [...files.keys()].join(', ');
  if (changed.length === 0) console.error(`Rebuilt from the histories, identical byte for byte: ${names}`);
  else {
    console.error(`Rebuilt from the histories. New or different: ${changed.map(([name]) => name).join(', ')}`);
    process.exitCode = 1;
  }
}
