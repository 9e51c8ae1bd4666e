import { join } from 'node:path';
import { Command } from 'commander';
import { diffText } from '../../reports/diff-text.ts';
import { harmless } from '../format.ts';
import { diffVerdicts, gotWorse } from '../verdict/diff.ts';
import { readVerdict } from '../verdict/verdict-file.ts';
import { runFolderOf } from './run-folder.ts';

/** `seatrial diff`: what got better or worse from one run to another, by their verdicts. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Show what got better or worse from one run to another, and with which evidence')
    .argument('<before>', 'id of a run, or its folder')
    .argument('<after>', 'id of a run, or its folder')
    .option('--json', 'as data')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing got worse, 1 something got worse or what had passed was not tried again, 2 bad input',
    )
    .action((before: string, after: string, { json = false }: { json?: boolean }) => {
      const diff = diffVerdicts(verdictOf(before), verdictOf(after));
      const worse = gotWorse(diff);
      console.log(json ? JSON.stringify({ worse, ...diff }, undefined, 2) : harmless(diffText(diff)));
      if (worse) process.exitCode = 1;
    });
}

function verdictOf(run: string) {
  return readVerdict(join(runFolderOf(run), 'verdict.json'));
}
