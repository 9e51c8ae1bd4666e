import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Far more than thousands of results need; past it something hangs. */
const TIME_LIMIT_MS = 120_000;

/**
 * Makes the Allure report of a run from its results, in `allure/`, with the configuration that was written beside them.
 * @throws Error when there is none.
 */
export async function generateAllure(runFolder: string): Promise<void> {
  const results = join(runFolder, 'allure-results');
  if (!existsSync(results) || readdirSync(results).length === 0) throw new Error('there are no results');
  const output = join(runFolder, 'allure');
  // `preferLocal` finds the command that came with this suite, and runs it on the Node that runs this.
  const done = await execa('allure', ['generate', results, '--config', 'allurerc.mjs', '--output', output], {
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
  if (done.timedOut) throw new Error(`it took longer than ${String(TIME_LIMIT_MS / 1000)} s`);
  if (done.failed) throw new Error(done.all.trim() || done.shortMessage);
  const page = join(output, 'index.html');
  // It ends with 0 when one of its plugins broke.
  if (!existsSync(page)) throw new Error(done.all.trim() || 'nothing was made');
  removeTracking(page);
}

/** Allure loads web analytics into every report, and has no switch for it: nobody is to learn who opens a report on what cluster. */
function removeTracking(page: string): void {
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replaceAll(/<script async src="https:[^"]*"><\/script>/g, ''));
}
