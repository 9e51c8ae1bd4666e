import { relative, sep } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { messageOf } from '../helpers/errors.ts';
import { packEvidence } from '../helpers/evidence/package/pack.ts';
import { endRun, hasBegun, updateRun } from '../helpers/run/run.ts';
import type { Run } from '../helpers/run/run.ts';
import { readRunFolder, writeRunFiles, writeVerdict } from '../helpers/verdict/run-folder.ts';
import { loadStandards, standardFolder } from '../helpers/verdict/standards.ts';
import type { RunVerdict } from '../helpers/verdict/types.ts';
import { generateAllure } from './allure.ts';
import { latestOf, pointLatestAt } from './latest.ts';
import { endedEarly, headline, verdictLines, viewLines } from './summary.ts';
import { madeViews, pageFiles } from './views.ts';

export interface ReporterOptions {
  /** Absolute path of `reports/runs/ID`. */
  runFolder: string;
  /** Folder of the standards; by default the suite's own `tests`. */
  tests?: string;
  /** What to say before anything runs, a sentence each. */
  remarks?: readonly string[];
}

/**
 * Ends a run: writes the verdict and the scorecards, keeps `reports/latest`, makes the Allure report and the decision page, and tells the
 * outcome.
 * `N passed, N failed` stands alone on the last line, and the exit code agrees with it. To be listed after all other reporters.
 */
export default class SeatrialReporter implements Reporter {
  readonly #runFolder: string;
  readonly #standardsFolder: string | undefined;
  readonly #remarks: readonly string[];
  #tests: TestCase[] = [];
  /** What went wrong outside of any test. */
  readonly #troubles: string[] = [];
  #result: FullResult | undefined;
  #verdict: RunVerdict | undefined;
  #isLatest = false;

  constructor({ runFolder, tests, remarks = [] }: ReporterOptions) {
    this.#runFolder = runFolder;
    this.#standardsFolder = tests;
    this.#remarks = remarks;
  }

  /** Only its folder is asked for. */
  get #run(): Run {
    return { id: '', folder: this.#runFolder, owner: process.pid };
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    if (isListing()) return;
    this.#tests = suite.allTests();
    print(...headline(readRunFolder(this.#runFolder), shown(this.#runFolder)), ...this.#remarks, '');
  }

  onError(error: { message?: string; value?: string }): void {
    this.#troubles.push(error.message ?? error.value ?? 'an error without a message');
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
    if (isListing()) return undefined;
    this.#result = result;
    try {
      await this.#judge(result);
    } catch (thrown) {
      this.#troubles.push(`no verdict could be written: ${messageOf(thrown)}`);
    }
    // A skipped test or a verdict that could not be written must not end with exit code 0.
    return result.status === 'passed' && this.#count().failed > 0 ? { status: 'failed' } : undefined;
  }

  /** Comes after the end of every other reporter, so that nothing is printed after the last line. */
  async onExit(): Promise<void> {
    if (this.#result === undefined) return;
    const early = endedEarly(this.#result.status);
    const noAllure = await generateAllure(this.#runFolder).catch(messageOf);
    const noPage = this.#writePage();
    const notPacked = await this.#pack();
    const { passed, failed } = this.#count();
    print(
      '',
      ...(early === undefined ? [] : [early, '']),
      ...verdictLines(this.#verdict),
      ...this.#troubles.map((trouble) => `Outside of the tests: ${trouble}`),
      ...(noAllure === undefined ? [] : [`No Allure report: ${noAllure}`]),
      ...(noPage === undefined ? [] : [`No decision page: ${noPage}`]),
      ...notPacked,
      ...viewLines(this.#runFolder, shown(this.#isLatest ? latestOf(this.#runFolder) : this.#runFolder)),
      '',
      `${String(passed)} passed, ${String(failed)} failed`,
    );
  }

  /** Only a run that tried a row of a standard has a verdict and becomes the latest: the suite's own tests are no trial. */
  async #judge({ status }: FullResult): Promise<void> {
    if (!hasBegun(this.#run)) return;
    endRun(this.#run, { complete: endedEarly(status) === undefined });
    const standards = await loadStandards(this.#standardsFolder);
    const folders = standards.map(({ id }) => standardFolder(id, this.#standardsFolder) + sep);
    if (!this.#tests.some(({ location }) => folders.some((folder) => location.file.startsWith(folder)))) return;
    pointLatestAt(this.#runFolder);
    this.#isLatest = true;
    this.#verdict = writeVerdict(this.#runFolder, standards);
  }

  /** After all views, so that the package has them. @returns what a person has to know about it. */
  async #pack(): Promise<string[]> {
    if (this.#verdict === undefined) return [];
    try {
      const { masked } = (await packEvidence(this.#runFolder)).manifest;
      return masked.map(
        ({ path, line, what }) =>
          `Masked in the evidence package, and still in the run's own folder: ${path}:${String(line)} ${what}`,
      );
    } catch (thrown) {
      return [`No evidence package: ${messageOf(thrown)}`];
    }
  }

  /** Comes last, since it links what the other reporters made. @returns why there is no page, or undefined when nothing went wrong. */
  #writePage(): string | undefined {
    if (this.#verdict === undefined) return undefined;
    try {
      updateRun(this.#run, { views: madeViews(this.#runFolder) });
      writeRunFiles(this.#runFolder, pageFiles(this.#runFolder, readRunFolder(this.#runFolder), this.#verdict));
      return undefined;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  /** A test that was flaky, skipped, interrupted or never started did not pass. Trouble outside of tests counts as one failure. */
  #count(): { passed: number; failed: number } {
    const passed = this.#tests.filter((test) => test.outcome() === 'expected').length;
    const failed = this.#tests.length - passed;
    const trouble = this.#troubles.length > 0 || this.#result?.status !== 'passed';
    return { passed, failed: failed === 0 && trouble ? 1 : failed };
  }
}

/** `--list` runs nothing, so there is nothing to tell. */
function isListing(): boolean {
  return process.argv.includes('--list');
}

/** As the person who started the run would type it. */
function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
