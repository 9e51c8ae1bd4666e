/**
 * A process that judges what is stored, for its time and its memory: `analyse.ts change FOLDER` the one change of a history, `analyse.ts run FOLDER`
 * a run. Prints what it came to as JSON.
 */
import { join } from 'node:path';
import { History } from '../../../helpers/history/history.ts';
import { trafficChecks } from '../../../helpers/verdict/checks/traffic.ts';

export interface Analysed {
  seconds: number;
  /** CPU time of all its threads meanwhile: what it takes on a machine that has other work too. */
  cpuSeconds: number;
  /** Most memory that the process had at any time. */
  peakMiB: number;
  /** How many checks came to each verdict. */
  verdicts: Record<string, number>;
}

const [what, folder = ''] = process.argv.slice(2);
const judge = what === 'run' ? await runJudge() : change;
const start = performance.now();
const before = process.cpuUsage();
const verdicts = judge();
const analysed: Analysed = {
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (({ user, system }) => (user + system) / 1e6)(process.cpuUsage(before)),
  peakMiB: process.resourceUsage().maxRSS / 1024,
  verdicts: Object.fromEntries([...Map.groupBy(verdicts, String)].map(([verdict, own]) => [verdict, own.length])),
};
process.stdout.write(JSON.stringify(analysed));

function change(): string[] {
  const history = History.read(join(folder, 'history.jsonl'));
  if (history === undefined) throw new Error(`no history in ${folder}`);
  const checks = Object.values(trafficChecks('config.add-tool', 'a tool is added'));
  return checks.map((check) => check.evaluate(history).verdict);
}

/** All standards take memory of their own, which a single history does not need. */
async function runJudge(): Promise<() => string[]> {
  const { readRunFolder, runFiles } = await import('../../../helpers/verdict/run-folder.ts');
  const { loadStandards } = await import('../../../helpers/verdict/standards.ts');
  const standards = await loadStandards();
  return () => {
    const { verdict } = runFiles(readRunFolder(folder), standards);
    return verdict.standards.flatMap(({ items }) => items.flatMap(({ checks }) => checks.map((one) => one.verdict)));
  };
}
