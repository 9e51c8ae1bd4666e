import { join } from 'node:path';
import type { ReporterDescription } from '@playwright/test';

/**
 * All reporters of a run, for the configuration of Playwright. The live list comes from Playwright (plain lines where there is
 * no terminal); Seatrial's own is the last one, since it prints the last line.
 */
export function reporters(runFolder: string, remarks: readonly string[] = []): ReporterDescription[] {
  return [
    ['list'],
    ['html', { outputFolder: join(runFolder, 'html'), open: 'never' }],
    ['junit', { outputFile: join(runFolder, 'junit.xml') }],
    ['allure-playwright', { resultsDir: join(runFolder, 'allure-results') }],
    [join(import.meta.dirname, 'reporter.ts'), { runFolder, remarks }],
  ];
}
