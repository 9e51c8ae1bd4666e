import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaNode } from 'execa';
import { TRAFFIC_FILE } from '../../../../helpers/history/history.ts';
import { readRunFolder, writeRunFiles, writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { pageFiles } from '../../../../reports/views.ts';
import { flawless } from './histories.ts';

/** Writes a run folder as a flawless trial of `contextforge` would leave it, and gives it back. */
export function storeRun(folder: string): string {
  storeHistories(folder, 'contextforge');
  const about = { id: '20261121-100000-abcd', complete: true, target: 'contextforge' };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(about));
  return folder;
}

export function storeHistories(folder: string, target: string): void {
  for (const [experiment, history] of flawless) {
    const file = historyFile(folder, experiment, target);
    mkdirSync(join(file, '..'), { recursive: true });
    const lines = history.records.map((record) => JSON.stringify(record).replaceAll('contextforge"', `${target}"`));
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
}

/** The traffic beside the histories, where there was any. */
export function storeTraffic(folder: string, target = 'contextforge'): void {
  for (const [experiment, { traffic }] of flawless) {
    const lines = [...traffic].map((record) => `${JSON.stringify(record)}\n`);
    if (lines.length > 0)
      writeFileSync(join(historyFile(folder, experiment, target), '..', TRAFFIC_FILE), lines.join(''));
  }
}

export function historyFile(folder: string, experiment: string, target = 'contextforge'): string {
  return join(folder, 'experiments', target, experiment, 'history.jsonl');
}

/** A stored run with its verdict, the scorecards of every standard that there is, and its decision page. */
export async function judgedRun(folder: string): Promise<string> {
  const verdict = writeVerdict(storeRun(folder), await loadStandards());
  writeRunFiles(folder, pageFiles(folder, readRunFolder(folder), verdict));
  return folder;
}

/** Runs a command that works on a stored run, by itself: not the whole command line, which loads far more. */
export function seatrial(command: 'scorecard' | 'report' | 'diff', ...args: string[]) {
  return seatrialWith({}, command, ...args);
}

/** The same with more in its environment. */
export function seatrialWith(env: Record<string, string>, command: 'scorecard' | 'report' | 'diff', ...args: string[]) {
  const module = pathToFileURL(join(import.meta.dirname, `../../../../helpers/cli/${command}.ts`)).href;
  const script = `const { ${command}Command } = await import('${module}'); await ${command}Command().parseAsync(process.argv.slice(1), { from: 'user' });`;
  return execaNode({
    reject: false,
    nodeOptions: ['--input-type=module', '--eval', script, '--'],
    env: { NODE_OPTIONS: '', ...env },
  })`${args}`;
}
