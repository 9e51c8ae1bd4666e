import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

export function historyFile(folder: string, experiment: string, target = 'contextforge'): string {
  return join(folder, 'experiments', target, experiment, 'history.jsonl');
}
