import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type {
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { messageOf } from '../../../helpers/errors.ts';
import { Collected, collectIn } from './playwright-test.ts';

/** Property tests try the same values each time, else a mutant would be killed on one day and not on another. */
const SEED = 20_261_121;

/** What the planted code and its runner tell each other. */
type Context = { [Key in keyof InstrumenterContext]: InstrumenterContext[Key] | undefined };

/**
 * Runs unit tests for Stryker within its own process, without the runner and the workers of Playwright, which take seconds to start. Every run
 * loads all modules anew: what the suite remembers about a history must not outlive a mutant.
 */
class InProcessRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  readonly #specs: string[];
  readonly #context: Context;
  readonly #folder = mkdtempSync(join(tmpdir(), 'seatrial-mutation-'));
  #runs = 0;

  constructor(options: StrykerOptions) {
    const { specs } = options as unknown as { specs: string[] };
    this.#specs = globSync(specs).toSorted();
    const scope = globalThis as { __stryker__?: Context };
    this.#context = scope.__stryker__ ??= {};
    registerHooks({
      resolve: (specifier, context, next) => {
        const isSpec = context.parentURL?.includes('?run=') === true;
        if (isSpec && specifier === '@playwright/test')
          return { url: new URL('playwright-test.ts', import.meta.url).href, shortCircuit: true };
        const found = next(specifier, context);
        const isOwn = found.url.startsWith(pathToFileURL(process.cwd()).href) && !found.url.includes('/node_modules/');
        return isSpec && isOwn ? { ...found, url: `${found.url}?run=${this.#runs}` } : found;
      },
    });
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<DryRunResult> {
    const result = await this.#run();
    const { mutantCoverage } = this.#context;
    return result.status === DryRunStatus.Complete && mutantCoverage !== undefined
      ? { ...result, mutantCoverage }
      : result;
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }: MutantRunOptions): Promise<MutantRunResult> {
    this.#context.activeMutant = activeMutant.id;
    this.#context.hitCount = hitLimit === undefined ? undefined : 0;
    this.#context.hitLimit = hitLimit;
    const result = await this.#run(new Set(testFilter), !disableBail);
    return toMutantRunResult(determineHitLimitReached(this.#context.hitCount, hitLimit) ?? result);
  }

  dispose(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    return Promise.resolve();
  }

  /** @param wanted names of tests; none stands for all. */
  async #run(wanted: ReadonlySet<string> = new Set(), bail = false): Promise<DryRunResult> {
    this.#runs++;
    fc.configureGlobal({ seed: SEED, endOnFailure: true });
    const collected = new Collected(this.#folder);
    collectIn(collected);
    const isWanted = (name: string) => wanted.size === 0 || wanted.has(name);
    try {
      for (const spec of this.#specs) {
        if (wanted.size > 0 && ![...wanted].some((name) => name.startsWith(`${spec} › `))) continue;
        const url = `${pathToFileURL(spec).href}?run=${this.#runs}`;
        await collected.load(spec, () => import(url));
      }
    } catch (thrown) {
      return { status: DryRunStatus.Error, errorMessage: messageOf(thrown) };
    }
    const tests: TestResult[] = [];
    for (const { name, run } of collected.cases) {
      if (!isWanted(name)) continue;
      tests.push(await this.#test(name, run));
      if (bail && tests.at(-1)?.status === TestStatus.Failed) break;
    }
    return { status: DryRunStatus.Complete, tests };
  }

  async #test(name: string, run: () => Promise<void>): Promise<TestResult> {
    this.#context.currentTestId = name;
    const start = performance.now();
    const about = () => ({ id: name, name, timeSpentMs: performance.now() - start });
    try {
      await run();
      return { ...about(), status: TestStatus.Success };
    } catch (thrown) {
      return { ...about(), status: TestStatus.Failed, failureMessage: messageOf(thrown) };
    } finally {
      this.#context.currentTestId = undefined;
    }
  }
}

/** `specs` are the files of unit tests that are run, as globs. */
export const strykerValidationSchema = {
  type: 'object',
  properties: { specs: { type: 'array', items: { type: 'string' } } },
};

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
