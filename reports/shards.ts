import { basename } from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestRun } from '@playwright/test/reporter';
import { UserError } from '../helpers/errors.ts';
import { hasBegun, updateRun } from '../helpers/run/run.ts';
import type { ShardRecord } from '../helpers/run/shards/record.ts';
import { readRunAbout } from '../helpers/verdict/run-folder.ts';
import { experimentsOf, loadStandards } from '../helpers/verdict/standards.ts';
import { rowOfSpec } from './rows.ts';

export interface ShardOptions {
  /** Absolute path of `reports/runs/ID`. */
  runFolder: string;
  /** Folder of the standards; by default the suite's own `tests`. */
  tests?: string;
}

interface Params {
  config: FullConfig;
  suite: Suite;
  testRun: TestRun;
}

/**
 * Deals a trial out to shards by experiments (`--shard=2/4`), where Playwright by itself deals out tests: rows share experiments, and one that
 * ran in two shards would have two verdicts. A row is in each shard that runs any of its experiments. In a run that was merged from shards it
 * leaves the tests that those were asked for. It prints nothing.
 */
export default class ShardReporter implements Reporter {
  readonly #options: ShardOptions;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  printsToStdio(): boolean {
    return false;
  }

  async preprocess({ config: { shard }, suite, testRun }: Params): Promise<void> {
    const { runFolder } = this.#options;
    const merged = readRunAbout(runFolder)?.merged;
    if (merged !== undefined) keepOnly(suite, testRun, new Set(merged.tests));
    else if (shard !== null) await this.#deal(shard, suite, testRun);
  }

  async #deal(shard: Pick<ShardRecord, 'current' | 'total'>, suite: Suite, testRun: TestRun): Promise<void> {
    const rows = suite.allTests().map((test) => ({ test, row: rowOfSpec(test.location.file) }));
    const others = rows.filter(({ row }) => row === undefined);
    // What tries no row shares no experiments.
    if (others.length === rows.length) return;
    const [other] = others;
    if (other !== undefined) throw notDealt(other.test);
    const standards = experimentsOf(await loadStandards(this.#options.tests));
    const dealt = rows.map(({ test, row }) => ({
      test,
      experiments: standards.get(`${row?.standard ?? ''}/${row?.item ?? ''}`) ?? [],
    }));
    // It loads all experiments, which is for nothing where there are no shards.
    const { shardRecordOf } = await import('../helpers/run/shards/ask.ts');
    const record = shardRecordOf(shard, {
      experiments: dealt.flatMap(({ experiments }) => experiments),
      tests: dealt.map(({ test }) => nameOf(test)),
    });
    testRun.skipSharding();
    for (const { test, experiments } of dealt) {
      // What needs no experiment is anybody's, so it is the first one's.
      const shards = experiments.length === 0 ? [1] : experiments.map((id) => record.plan[id]);
      if (!shards.includes(record.current)) testRun.exclude(test);
    }
    const run = { folder: this.#options.runFolder };
    if (hasBegun(run)) updateRun(run, { shard: record });
  }
}

function keepOnly(suite: Suite, testRun: TestRun, names: ReadonlySet<string>): void {
  for (const test of suite.allTests()) if (!names.has(nameOf(test))) testRun.exclude(test);
}

/** The same on every machine: file below the folder of tests, and titles. */
function nameOf(test: TestCase): string {
  const [, , ...names] = test.titlePath();
  return names.join(' › ');
}

function notDealt({ title, location: { file } }: TestCase): UserError {
  return new UserError({
    what: `"${title}" does not say in so many words which row it judges, so it cannot be known which shard has its experiments`,
    where: basename(file),
    fix: "write judge('ROW') in it, or run tests that judge no row by themselves (--project)",
  });
}
