import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execaNode } from 'execa';

/** Far more than thousands of results need; past it something hangs. */
const TIME_LIMIT_MS = 120_000;

/**
 * Makes the Allure report of a run from its results, in `allure/`.
 * @returns why there is none, or undefined when there is one.
 */
export async function generateAllure(runFolder: string): Promise<string | undefined> {
  const results = join(runFolder, 'allure-results');
  if (!existsSync(results) || readdirSync(results).length === 0) return 'there are no results';
  // The package has no export for its command, so that is looked up beside the package file.
  const cli = join(dirname(createRequire(import.meta.url).resolve('allure/package.json')), 'cli.js');
  const config = join(import.meta.dirname, 'allurerc.mjs');
  const output = join(runFolder, 'allure');
  const done = await execaNode(cli, ['generate', results, '--config', config, '--output', output], {
    // The Node that runs this, and no loader of the test runner.
    nodeOptions: [],
    cwd: runFolder,
    reject: false,
    timeout: TIME_LIMIT_MS,
    stdin: 'ignore',
    env: { NODE_OPTIONS: '' },
    all: true,
  });
  if (!done.failed) return undefined;
  return done.timedOut ? `it took longer than ${String(TIME_LIMIT_MS / 1000)} s` : done.all.trim() || done.shortMessage;
}
