import { relative, sep } from 'node:path';
import { styleText } from 'node:util';
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { messageOf } from '../helpers/errors.ts';
import { harmless } from '../helpers/format.ts';
import { packEvidence } from '../helpers/evidence/package/pack.ts';
import { endRun, hasBegun, updateRun } from '../helpers/run/run.ts';
import { readRunFolder, runFiles, writeRunFiles } from '../helpers/verdict/run-folder.ts';
import type { RunAbout, StoredRun } from '../helpers/verdict/run-folder.ts';
import { loadStandards, standardFolder } from '../helpers/verdict/standards.ts';
import type { RunVerdict } from '../helpers/verdict/types.ts';
import { generateAllure } from './allure.ts';
import { writeAllureResults } from './allure/write.ts';
import { environmentOf } from './environment.ts';
import { isOnGitHub, withoutCommands } from './github/commands.ts';
import { publish } from './github/publish.ts';
import { latestOf, pointLatestAt } from './latest.ts';
import { rowOfSpec } from './rows.ts';
import { troublesOf } from './shards/troubles.ts';
import { endedEarly, headline, shardLines, verdictLines, viewLines } from './summary.ts';
import { madeViews, pageFiles } from './views.ts';

export interface ReporterOptions {
  /** Absolute path of `reports/runs/ID`. */
  runFolder: string;
  /** Folder of the standards; by default the suite's own `tests`. */
  tests?: string;
  /** What to say before anything runs, a sentence each. */
  remarks?: readonly string[];
  /** Folder or file of the target, to say where in it the cause of a finding stands. */
  target?: string;
  /** `verdict.json` of the base branch, to compare with. */
  base?: string;
}

/**
 * Ends a run: writes the verdict and the scorecards, keeps `reports/latest`, makes the Allure report and the decision page, and tells the
 * outcome. One shard of several has no verdict: it leaves its histories, and says how to merge them.
 * `N passed, N failed` stands alone on the last line, and the exit code agrees with it. To be listed after all other reporters.
 */
export default class SeatrialReporter implements Reporter {
  readonly #options: ReporterOptions;
  readonly #runFolder: string;
  readonly #standardsFolder: string | undefined;
  #tests: TestCase[] = [];
  /** What went wrong outside of any test. */
  readonly #troubles: string[] = [];
  #result: FullResult | undefined;
  /** As the run began. */
  #about: RunAbout | undefined;
  #verdict: RunVerdict | undefined;
  /** As it was judged: reading and parsing what a whole trial left takes seconds. */
  #stored: StoredRun | undefined;
  #isLatest = false;
  #commit: string | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#runFolder = options.runFolder;
    this.#standardsFolder = options.tests;
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin({ metadata }: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
    this.#commit = (metadata as { gitCommit?: { hash?: string } }).gitCommit?.hash;
    const { remarks = [] } = this.#options;
    const run = readRunFolder(this.#runFolder);
    this.#about = run.about;
    this.#troubles.push(...(run.about?.merged?.troubles ?? []));
    print(...headline(run, shown(this.#runFolder)), ...remarks, '');
  }

  onError(error: { message?: string; value?: string }): void {
    this.#troubles.push(error.message ?? error.value ?? 'an error without a message');
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
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
    const views = await this.#writeViews(early);
    const { passed, failed } = this.#count();
    print(
      '',
      ...(early === undefined ? [] : [styleText('yellow', early), '']),
      ...asOutput(verdictLines(this.#verdict)),
      ...asOutput(this.#troubles.map((trouble) => `Outside of the tests: ${trouble}`)),
      ...views,
      ...viewLines(this.#runFolder, shown(this.#isLatest ? latestOf(this.#runFolder) : this.#runFolder)),
      '',
      `${String(passed)} passed, ${String(failed)} failed`,
    );
  }

  /** Only a run that tried a row of a standard has a verdict and becomes the latest: the suite's own tests are no trial. */
  async #judge({ status }: FullResult): Promise<void> {
    const run = { folder: this.#runFolder };
    if (!hasBegun(run)) return;
    const complete = endedEarly(status) === undefined;
    // A merged run ended when the last of its shards did, and is as complete as they are; cutting off its judging changes that.
    if (this.#about?.merged === undefined || !complete) endRun(run, { complete });
    const standards = await loadStandards(this.#standardsFolder);
    const folders = standards.map(({ id }) => standardFolder(id, this.#standardsFolder) + sep);
    if (!this.#tests.some(({ location }) => folders.some((folder) => location.file.startsWith(folder)))) return;
    pointLatestAt(this.#runFolder);
    this.#isLatest = true;
    if (this.#about?.shard !== undefined) {
      updateRun(run, { troubles: [...this.#troubles, ...troublesOf(this.#tests)] });
      return;
    }
    this.#stored = readRunFolder(this.#runFolder);
    const { verdict, files } = runFiles(this.#stored, standards);
    writeRunFiles(this.#runFolder, files);
    this.#verdict = verdict;
  }

  /** Each view links or holds those before it. @returns lines to print. */
  async #writeViews(early: string | undefined): Promise<string[]> {
    const folder = this.#runFolder;
    if (this.#about?.shard !== undefined) return shardLines(this.#about.shard, shown(folder));
    const verdict = this.#verdict;
    const tests = this.#tests.map(({ title, location: { file } }) => ({ title, file, row: rowOfSpec(file) }));
    const stored = this.#stored ?? readRunFolder(folder);
    const facts = { verdict, tests, endedEarly: early, troubles: [...this.#troubles] };
    const allure = await attempt('Allure report', async () => {
      writeAllureResults(folder, { ...facts, environment: environmentOf(stored, this.#commit) });
      await generateAllure(folder);
      return [];
    });
    // The suite's own tests are no trial.
    if (verdict === undefined && early === undefined && facts.troubles.length === 0) return allure;
    const { target, base } = this.#options;
    const told = { ...facts, runFolder: folder, stored, rows: tests, target, base };
    const lines = [...allure, ...(await attempt('comment on a pull request', () => publish(told)))];
    if (verdict === undefined) return lines;
    const page = await attempt('decision page', () => this.#writePage(stored, verdict));
    return [...lines, ...page, ...(await attempt('evidence package', () => this.#pack()))];
  }

  #writePage(stored: StoredRun, verdict: RunVerdict): string[] {
    const about = updateRun({ folder: this.#runFolder }, { views: madeViews(this.#runFolder) });
    writeRunFiles(this.#runFolder, pageFiles(this.#runFolder, { ...stored, about }, verdict));
    return [];
  }

  /** @returns what a person has to know about it. */
  async #pack(): Promise<string[]> {
    const { masked } = (await packEvidence(this.#runFolder)).manifest;
    return masked.map(
      ({ path, line, what }) =>
        `Masked in the evidence package, and still in the run's own folder: ${path}:${String(line)} ${what}`,
    );
  }

  /** A test that was flaky, skipped, interrupted or never started did not pass. Trouble outside of tests counts as one failure. */
  #count(): { passed: number; failed: number } {
    const passed = this.#tests.filter((test) => test.outcome() === 'expected').length;
    const failed = this.#tests.length - passed;
    const trouble = this.#troubles.length > 0 || this.#result?.status !== 'passed';
    return { passed, failed: failed === 0 && trouble ? 1 : failed };
  }
}

/** What goes wrong with one view must not hide the verdict, nor the other views. */
async function attempt(view: string, write: () => string[] | Promise<string[]>): Promise<string[]> {
  try {
    return await write();
  } catch (thrown) {
    return [`No ${view}: ${messageOf(thrown)}`];
  }
}

/** As the person who started the run would type it. */
function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}

/** What comes from outside commands nobody. */
function asOutput(lines: readonly string[]): string[] {
  return isOnGitHub() ? lines.map(withoutCommands) : [...lines];
}

function print(...lines: string[]): void {
  process.stdout.write(`${harmless(lines.join('\n'))}\n`);
}
