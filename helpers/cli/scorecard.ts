import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { runFolderOf } from './run-folder.ts';

/** `seatrial scorecard`: the Markdown to paste on standard output. */
export function scorecardCommand(): Command {
  return new Command('scorecard')
    .description('Print the scorecard of a run, ready to paste')
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--standard <id>', 'which standard (default: the one that is for the kind of target of the run)')
    .action((run: string | undefined, { standard }: { standard?: string }) => {
      const folder = runFolderOf(run);
      process.stdout.write(scorecardIn(folder, standard ?? firstStandard(folder)));
    });
}

/** A run has scorecards of those standards that are for its target. */
function firstStandard(folder: string): string {
  const ids = readdirSync(folder).flatMap((name) => /^scorecard-(.+)\.md$/.exec(name)?.[1] ?? []);
  return ids.toSorted()[0] ?? 'any standard';
}

function scorecardIn(folder: string, standard: string): string {
  const file = join(folder, `scorecard-${standard}.md`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new UserError({
    what: `This run has no scorecard of ${standard}`,
    where: file,
    fix: 'rebuild it with `npx seatrial report`, or name another standard: a folder in tests/ with a standard.ts',
  });
}
