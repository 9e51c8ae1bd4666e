import { join } from 'node:path';
import type { ReporterDescription } from '@playwright/test';
import type { ReporterOptions } from './reporter.ts';

/**
 * All reporters of a run, for the configuration of Playwright. Seatrial's own is the last one, since it prints the last line; the first one
 * prints nothing and deals tests out to shards, the second one keeps secrets from all that follow, the third tells what happens meanwhile.
 */
export function reporters(runFolder: string, options: Omit<ReporterOptions, 'runFolder'> = {}): ReporterDescription[] {
  const { tests } = options;
  const shards: ReporterDescription = [join(import.meta.dirname, 'shards.ts'), { runFolder, tests }];
  // Listing tests runs nothing, and leaves no reports behind.
  if (process.argv.includes('--list')) return [['list'], shards];
  return [
    shards,
    [join(import.meta.dirname, 'secrets.ts')],
    [join(import.meta.dirname, 'live.ts'), { runFolder, tests }],
    ['html', { outputFolder: join(runFolder, 'html'), open: 'never', title: 'Seatrial' }],
    ['junit', { outputFile: join(runFolder, 'junit.xml') }],
    ['allure-playwright', { resultsDir: join(runFolder, 'allure-results') }],
    [join(import.meta.dirname, 'reporter.ts'), { ...options, runFolder }],
  ];
}
