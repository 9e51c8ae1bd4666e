import { join } from 'node:path';
import { Command } from 'commander';
import { PAGE, pageFiles } from '../../reports/views.ts';
import { compareVerdictFiles, readRunFolder, runFiles, writeRunFiles } from '../verdict/run-folder.ts';
import { loadStandards } from '../verdict/standards.ts';
import { openInBrowser } from './open.ts';
import { runFolderOf } from './run-folder.ts';

interface Flags {
  check?: boolean;
  open?: boolean;
}

/** `seatrial report`: verdict, scorecards and decision page of a run, from its stored histories alone. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Rebuild the verdict, the scorecards, the evidence and the decision page of a run from its stored histories, byte for byte, and say where the page is',
    )
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--check', 'write nothing; say what differs from what is stored, and end with 1 if anything does')
    .option('--open', 'open the decision page in the browser')
    .action(async (run: string | undefined, { check = false, open = false }: Flags) => {
      const folder = runFolderOf(run);
      const standards = await loadStandards();
      const stored = readRunFolder(folder);
      const { verdict, files: views } = runFiles(stored, standards);
      const files = new Map<string, string | Uint8Array>([
        ...views,
        ...pageFiles(folder, stored, verdict, { keep: !check }),
      ]);
      const compared = compareVerdictFiles(folder, files);
      if (!check) writeRunFiles(folder, files);
      for (const { name, difference } of compared) console.log(`${name}: ${difference ?? 'identical byte for byte'}`);
      const differing = compared.filter(({ difference }) => difference !== undefined).length;
      const all = `${String(compared.length)} files`;
      console.log(
        differing === 0
          ? `All ${all} follow from the histories in ${folder}`
          : check
            ? `${String(differing)} of ${all} do not follow from the histories in ${folder}: changed since, or judged by other checks`
            : `${String(differing)} of ${all} were rebuilt in ${folder}`,
      );
      const page = join(folder, PAGE);
      console.log(`The decision page: ${page}`);
      if (check && differing > 0) process.exitCode = 1;
      if (open) await openInBrowser(page);
    });
}
