import { relative } from 'node:path';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { seconds } from '../helpers/format.ts';
import { spansIn } from '../helpers/history/span.ts';
import type { Span } from '../helpers/history/span.ts';
import { isOurs } from '../helpers/run/shards/record.ts';
import { readRunFolder } from '../helpers/verdict/run-folder.ts';
import type { RunAbout } from '../helpers/verdict/run-folder.ts';
import { experimentsOf, loadStandards } from '../helpers/verdict/standards.ts';
import { endGroup, group, isOnGitHub, withoutCommands } from './github/commands.ts';
import { describeTimeLeft, earlierDurations, timeLeft } from './live/estimate.ts';
import { failureLines, outcomeLine } from './live/lines.ts';
import { Terminal } from './live/terminal.ts';
import { rowOfSpec } from './rows.ts';
import type { SpecRow } from './rows.ts';
import { withoutSecrets } from './secrets.ts';

export interface LiveOptions {
  /** Absolute path of `reports/runs/ID`. */
  runFolder: string;
  /** Folder of the standards; by default the suite's own `tests`. */
  tests?: string;
}

/** How often to look which experiment runs, in ms. */
const LOOK = 1000;

/**
 * Tells the person who watches what happens now: each test, each experiment, and about how long it still takes, from what earlier runs took.
 * In a log each line stands once; on GitHub, what a test prints is folded.
 */
export default class LiveReporter implements Reporter {
  readonly #runFolder: string;
  readonly #terminal = new Terminal(process.stdout, process.stdout.isTTY && !process.env.CI);
  readonly #onGitHub = isOnGitHub();
  /** The experiments behind each row, by `standard/row`. */
  #behind: ReadonlyMap<string, readonly string[]> = new Map();
  #about: RunAbout | undefined;
  #target = '';
  #durations: ReadonlyMap<string, number> = new Map();
  #spans: ReadonlyMap<string, Span> = new Map();
  /** Tests that have not ended, and the rows that they judge. */
  readonly #open = new Map<TestCase, SpecRow | undefined>();
  readonly #failed = new Set<TestCase>();
  #begun = 0;
  #total = 0;
  #isFolding = false;
  readonly #clean = withoutSecrets();
  /** What was printed since the last end of a line. */
  #rest = '';
  #timer: NodeJS.Timeout | undefined;

  constructor({ runFolder, tests }: LiveOptions) {
    this.#runFolder = runFolder;
    // A standard that cannot be loaded costs the estimate here; the specs tell why.
    loadStandards(tests).then(
      (standards) => (this.#behind = experimentsOf(standards)),
      () => undefined,
    );
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin({ workers }: FullConfig, suite: Suite): void {
    const tests = suite.allTests();
    this.#total = tests.length;
    // What two tests print at once would be folded into each other.
    this.#isFolding = this.#onGitHub && workers === 1;
    const { about, targets } = readRunFolder(this.#runFolder);
    this.#about = about;
    this.#target = targets[0]?.declared.name ?? '';
    // What a merged run brings along is no news.
    this.#spans = spansIn(this.#runFolder, this.#target);
    this.#durations = earlierDurations(this.#runFolder, this.#target);
    for (const test of tests) this.#open.set(test, rowOfSpec(test.location.file));
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK).unref();
  }

  onTestBegin(test: TestCase): void {
    this.#begun += 1;
    // What takes no experiment is over in no time: that it has begun is no news.
    if (this.#open.get(test) === undefined && !this.#isFolding) return;
    const left = this.#left();
    const head = `[${String(this.#begun).padStart(String(this.#total).length)}/${String(this.#total)}] ${test.title}`;
    const line = `${head}${left === '' ? '' : styleText('gray', ` · ${left}`)}`;
    this.#terminal.print(this.#isFolding ? group(line) : line);
    this.#showStatus();
  }

  onStdOut(chunk: string | Buffer): void {
    this.#pass(chunk);
  }

  onStdErr(chunk: string | Buffer): void {
    this.#pass(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#passRest();
    this.#look();
    this.#open.delete(test);
    if (test.outcome() !== 'expected') this.#failed.add(test);
    this.#terminal.print(...(this.#isFolding ? [endGroup] : []), outcomeLine(test, result));
    this.#showStatus();
  }

  onEnd(): void {
    this.#passRest();
    clearInterval(this.#timer);
    this.#terminal.status('');
    const lines = [...this.#failed].flatMap((test, index) =>
      failureLines(test, { number: index + 1, file: relative(process.cwd(), test.location.file) }),
    );
    const plain = process.stdout.isTTY ? lines : lines.map(stripVTControlCharacters);
    if (lines.length > 0) this.#terminal.print('', ...(this.#onGitHub ? plain.map(withoutCommands) : plain));
  }

  /** Says once when an experiment begins, and once when it has ended. */
  #look(): void {
    const before = this.#spans;
    this.#spans = spansIn(this.#runFolder, this.#target);
    for (const [id, { begin, end, status }] of this.#spans) {
      const known = before.get(id);
      if (known === undefined && end === undefined) this.#tell(`${id} begins${this.#usually(id)}`);
      if (end !== undefined && known?.end === undefined)
        this.#tell(`${id} ${status === 'completed' ? 'is done' : 'was aborted'} after ${seconds(end - begin)}`);
    }
    this.#showStatus();
  }

  #tell(message: string): void {
    const left = this.#left();
    this.#terminal.print(styleText('gray', `  experiment ${message}${left === '' ? '' : `; ${left}`}`));
  }

  #usually(id: string): string {
    const duration = this.#durations.get(id);
    return duration === undefined ? '' : `, which took ${seconds(duration)} before`;
  }

  #showStatus(): void {
    if (!this.#terminal.isWatched) return;
    const running = [...this.#spans].filter(([, { end }]) => end === undefined);
    const told = running.map(([id, { begin }]) => `${id} ${seconds(Date.now() - begin)}${this.#usually(id)}`);
    const parts = [`${String(this.#total - this.#open.size)} of ${String(this.#total)} done`, ...told, this.#left()];
    this.#terminal.status(this.#open.size === 0 ? '' : parts.filter((part) => part !== '').join(' · '));
  }

  #left(): string {
    const rows = [...this.#open.values()].filter((row) => row !== undefined);
    const behind = rows.flatMap(({ standard, item }) => this.#behind.get(`${standard}/${item}`) ?? []);
    const asked = behind.filter((id) => isOurs(this.#about ?? {}, id));
    return describeTimeLeft(timeLeft(asked, { durations: this.#durations, spans: this.#spans, now: Date.now() }));
  }

  /** Half a command is none, and half a secret neither: whole lines are looked at. */
  #pass(chunk: string | Buffer): void {
    this.#rest += chunk.toString();
    const end = this.#rest.lastIndexOf('\n') + 1;
    this.#print(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end);
  }

  /** What was printed without an end of the line. */
  #passRest(): void {
    this.#print(this.#rest);
    this.#rest = '';
  }

  #print(output: string): void {
    const text = this.#clean(output);
    this.#terminal.write(this.#onGitHub ? withoutCommands(text) : text);
  }
}
