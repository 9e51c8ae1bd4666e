import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Far more than thousands of results need; past it something hangs. */
const TIME_LIMIT_MS = 120_000;

/**
 * Makes the Allure report of a run from its results, in `allure/`.
 * @returns why there is none, or undefined when there is one.
 */
export async function generateAllure(runFolder: string): Promise<string | undefined> {
  const results = join(runFolder, 'allure-results');
  if (!existsSync(results) || readdirSync(results).length === 0) return 'there are no results';
  const config = join(import.meta.dirname, 'allurerc.mjs');
  const output = join(runFolder, 'allure');
  // `preferLocal` finds the command that came with this suite, and runs it on the Node that runs this.
  const done = await execa('allure', ['generate', results, '--config', config, '--output', output], {
    preferLocal: true,
    localDir: import.meta.dirname,
    cwd: runFolder,
    // The runner's own loader would otherwise be started in there, too.
    env: { NODE_OPTIONS: '' },
    stdin: 'ignore',
    all: true,
    timeout: TIME_LIMIT_MS,
    reject: false,
  });
  if (done.timedOut) return `it took longer than ${String(TIME_LIMIT_MS / 1000)} s`;
  if (done.failed) return done.all.trim() || done.shortMessage;
  removeTracking(join(output, 'index.html'));
  return undefined;
}

/** Allure loads web analytics into every report, and has no switch for it: nobody is to learn who opens a report on what cluster. */
function removeTracking(page: string): void {
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replaceAll(/<script async src="https:[^"]*"><\/script>/g, ''));
}
