import { Command } from 'commander';
import { compareVerdictFiles, judgeRun, readRunFolder, verdictFiles, writeRunFiles } from '../verdict/run-folder.ts';
import { loadStandards } from '../verdict/standards.ts';
import { runFolderOf } from './run-folder.ts';

/** `seatrial report`: verdict and scorecards of a run, from its stored histories alone. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Rebuild the verdict, the scorecards and the evidence of a run from its stored histories, byte for byte',
    )
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--check', 'write nothing; say what differs from what is stored, and end with 1 if anything does')
    .action(async (run: string | undefined, { check = false }: { check?: boolean }) => {
      const folder = runFolderOf(run);
      const standards = await loadStandards();
      const stored = readRunFolder(folder);
      const files = verdictFiles(judgeRun(stored, standards), standards, stored.targets);
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
      if (check && differing > 0) process.exitCode = 1;
    });
}
