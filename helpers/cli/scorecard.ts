import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../errors.ts';
import { scorecardCsv } from '../verdict/scorecard-csv.ts';
import { scorecardHtml } from '../verdict/scorecard-html.ts';
import { readVerdict } from '../verdict/verdict-file.ts';
import { copy } from './clipboard.ts';
import { runFolderOf } from './run-folder.ts';

/** A scorecard of a run. */
interface Wanted {
  folder: string;
  standard: string;
  /** By default the first that was judged by that standard. */
  target: string | undefined;
}

const formats = {
  markdown: markdownOf,
  html: (wanted: Wanted) => scorecardHtml(markdownOf(wanted)),
  csv: csvOf,
};

interface Flags {
  standard?: string;
  target?: string;
  format?: keyof typeof formats;
  copy?: true;
}

/** `seatrial scorecard`: what to paste, on standard output or on the clipboard. */
export function scorecardCommand(): Command {
  return new Command('scorecard')
    .description('Print or copy the scorecard of a run, ready to paste')
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--standard <id>', 'which standard (default: the one that is for the kind of target of the run)')
    .option('--target <name>', 'which target, where a run has several (default: the first)')
    .addOption(
      new Option(
        '--format <format>',
        'markdown; html, for word processors; csv, for spreadsheets (default: markdown, html with --copy)',
      ).choices(Object.keys(formats)),
    )
    .option('--copy', 'put it on the clipboard: as rich text that pastes into a word processor with its tables')
    .action(async (run: string | undefined, flags: Flags) => {
      const folder = runFolderOf(run);
      const { standard = firstStandard(folder), target, format = flags.copy === true ? 'html' : 'markdown' } = flags;
      const content = formats[format]({ folder, standard, target });
      if (flags.copy !== true) {
        process.stdout.write(content);
        return;
      }
      const program = await copy(content, format === 'html' ? 'text/html' : 'text/plain');
      console.error(`The scorecard of ${standard} is on the clipboard (by ${program}): paste it`);
    });
}

/** A run has scorecards of those standards that are for its target. */
function firstStandard(folder: string): string {
  const ids = readdirSync(folder).flatMap((name) => /^scorecard-(.+)\.md$/.exec(name)?.[1] ?? []);
  return ids.toSorted()[0] ?? 'any standard';
}

function markdownOf({ folder, standard, target }: Wanted): string {
  const own = target === undefined ? undefined : join(folder, `scorecard-${standard}-${target}.md`);
  if (own !== undefined && existsSync(own)) return readFileSync(own, 'utf8');
  // The first target's has no name of a target.
  if (target !== undefined && judgedOf({ folder, standard, target: undefined }).target !== target)
    throw noScorecard({ folder, standard, target });
  const file = join(folder, `scorecard-${standard}.md`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw noScorecard({ folder, standard, target });
}

function csvOf(wanted: Wanted): string {
  return scorecardCsv(readVerdict(join(wanted.folder, 'verdict.json')), judgedOf(wanted));
}

function judgedOf({ folder, standard, target }: Wanted) {
  const { standards } = readVerdict(join(folder, 'verdict.json'));
  const judged = standards.find((one) => one.standard === standard && (target === undefined || one.target === target));
  if (judged === undefined) throw noScorecard({ folder, standard, target });
  return judged;
}

function noScorecard({ folder, standard, target }: Wanted): UserError {
  return new UserError({
    what: `This run has no scorecard of ${standard}${target === undefined ? '' : ` for ${target}`}`,
    where: join(folder, `scorecard-${standard}${target === undefined ? '' : `-${target}`}.md`),
    fix: 'rebuild it with `npx seatrial report`, or name another standard: a folder in tests/ with a standard.ts',
  });
}
