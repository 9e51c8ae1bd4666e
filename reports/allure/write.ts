import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { spansIn } from '../../helpers/history/span.ts';
import type { RunVerdict } from '../../helpers/verdict/types.ts';
import { verdictOfRow } from '../rows.ts';
import type { SpecRow } from '../rows.ts';
import { allureResults, rowLabels } from './results.ts';
import type { AllureAttachment, AllureResult, AllureStatus } from './results.ts';

/** A test of the run, and the row that it judges, if any. */
export interface TestOfRun {
  /** Absolute path of the spec. */
  file: string;
  title: string;
  row: SpecRow | undefined;
}

export interface AllureFacts {
  verdict: RunVerdict | undefined;
  tests: readonly TestOfRun[];
  /** What went wrong outside of the tests. */
  troubles: readonly string[];
  /** Why the run ended before its time. */
  endedEarly: string | undefined;
  /** What the run ran on, by name. */
  environment: Readonly<Record<string, string>>;
}

/** The parts of the runner's own results that are looked at. */
interface RunnerResult {
  name: string;
  fullName: string;
  status: AllureStatus;
  statusDetails: AllureResult['statusDetails'];
  labels: AllureResult['labels'];
  attachments: AllureAttachment[];
  steps: RunnerResult[];
}

const RESULT = '-result.json';

/** Bytes of an attachment: all of them become part of the one page of the report, which no browser opens when it has hundreds of megabytes. */
const LARGEST_ATTACHMENT = 2_000_000;

/**
 * Turns what the runner left in `allure-results` into a view of the verdict: a test that judged a row gives way to the row's checks, and
 * what did not run, or broke before it could judge, stays and is red. Beside the results stands the configuration that goes with them.
 */
export function writeAllureResults(runFolder: string, facts: AllureFacts): void {
  const folder = join(runFolder, 'allure-results');
  if (!existsSync(folder)) return;
  const attachments = new Map<string, AllureAttachment[]>();
  for (const file of resultFiles(folder)) {
    const stored = read(file);
    // Half a file, as a kill leaves it, is left for Allure to complain about.
    if (stored === undefined) continue;
    const result = withoutLarge(stored, folder);
    const row = facts.tests.find((test) => isOf(result, test))?.row;
    if (row !== undefined && isToldByItsChecks(result, row, facts.verdict)) {
      attachments.set(keyOf(row.standard, row.item), attachmentsOf(result));
      rmSync(file);
    } else {
      writeFileSync(file, JSON.stringify(asHarnessResult(result, row, facts)));
    }
  }
  const results = facts.verdict === undefined ? [] : checksOf(runFolder, facts.verdict, attachments);
  for (const result of [...results, ...troublesOf(facts)]) {
    writeFileSync(join(folder, `${result.uuid}${RESULT}`), JSON.stringify(result));
  }
  writeFileSync(join(folder, 'environment.properties'), properties(facts.environment));
  copyFileSync(join(import.meta.dirname, 'allurerc.mjs'), join(runFolder, 'allurerc.mjs'));
}

function checksOf(
  runFolder: string,
  verdict: RunVerdict,
  attachments: ReadonlyMap<string, AllureAttachment[]>,
): AllureResult[] {
  return allureResults(verdict, {
    spans: (target) => spansIn(runFolder, target),
    attachments: (standard, item) => attachments.get(keyOf(standard, item)) ?? [],
  });
}

/** A test that failed although its row passes, or the other way round, has something of its own to tell. */
function isToldByItsChecks({ status }: RunnerResult, row: SpecRow, verdict: RunVerdict | undefined): boolean {
  const judged = verdictOfRow(verdict, row)?.status;
  if (judged === undefined || judged === 'not-run') return false;
  const good = judged === 'pass' || judged === 'not-applicable';
  return good ? status === 'passed' : status === 'failed';
}

/** What did not run did not pass. */
function asHarnessResult(result: RunnerResult, row: SpecRow | undefined, facts: AllureFacts): RunnerResult {
  const item = row === undefined ? undefined : verdictOfRow(facts.verdict, row);
  const standard = facts.verdict?.standards.find((candidate) => candidate.standard === row?.standard);
  const labels = item === undefined || standard === undefined ? [] : rowLabels(standard, item);
  const named = new Set(labels.map(({ name }) => name));
  const labelled = { ...result, labels: [...result.labels.filter(({ name }) => !named.has(name)), ...labels] };
  if (result.status !== 'skipped') return labelled;
  const why = facts.endedEarly ?? 'It was skipped.';
  return { ...labelled, status: 'broken', statusDetails: { message: `inconclusive: it did not run. ${why}` } };
}

/** What concerns the run as a whole is a red result of its own, so that no gate can overlook it. */
function troublesOf({ endedEarly, troubles, verdict }: AllureFacts): AllureResult[] {
  const told = [...(endedEarly === undefined ? [] : [endedEarly]), ...troubles];
  return told.map((message, index) => ({
    uuid: `seatrial-trouble-${String(index)}`,
    testCaseId: `seatrial-trouble-${String(index)}`,
    fullName: `run/trouble/${String(index)}`,
    name: message.split('\n', 1)[0] ?? '',
    status: 'broken',
    stage: 'finished',
    statusDetails: { message },
    description: '',
    start: 0,
    stop: 0,
    parameters: [],
    labels: [
      { name: 'epic', value: 'The run itself' },
      { name: 'feature', value: verdict?.run ?? 'No verdict' },
      { name: 'severity', value: 'blocker' },
    ],
    links: [],
    attachments: [],
    steps: [],
  }));
}

/** Titles are unique within a file. The runner names files relative to its own root. */
function isOf({ name, fullName }: RunnerResult, { file, title }: TestOfRun): boolean {
  const [path = ''] = fullName.split(' › ', 1);
  return name === title && file.replaceAll('\\', '/').endsWith(`/${path}`);
}

function attachmentsOf({ attachments, steps }: Pick<RunnerResult, 'attachments' | 'steps'>): AllureAttachment[] {
  return [...attachments, ...steps.flatMap(attachmentsOf)];
}

/** What is too large for the report gives way to a note that says where it is. */
function withoutLarge<T extends Pick<RunnerResult, 'attachments' | 'steps'>>(result: T, folder: string): T {
  const attachments = result.attachments.map((attachment) => {
    const file = join(folder, attachment.source);
    const size = existsSync(file) ? statSync(file).size : 0;
    if (size <= LARGEST_ATTACHMENT) return attachment;
    rmSync(file);
    const source = `${basename(file, extname(file))}-left-out.txt`;
    const note = `${attachment.name} has ${(size / 1e6).toFixed(1)} MB, too much for this page. The HTML report of the run, html/index.html, has all of it.\n`;
    writeFileSync(join(folder, source), note);
    return { ...attachment, source, type: 'text/plain' };
  });
  return { ...result, attachments, steps: result.steps.map((step) => withoutLarge(step, folder)) };
}

function resultFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(RESULT))
    .map((name) => join(folder, name));
}

function read(file: string): RunnerResult | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunnerResult;
  } catch {
    return undefined;
  }
}

function keyOf(standard: string, item: string): string {
  return `${standard}/${item}`;
}

/** In the format of Java's properties, which Allure reads. */
function properties(environment: Readonly<Record<string, string>>): string {
  const escaped = (text: string) =>
    text
      .replaceAll('\\', String.raw`\\`)
      .replaceAll(/[\r\n]+/g, ' ')
      .replaceAll(/[=:#! ]/g, String.raw`\$&`);
  return Object.entries(environment)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}\n`)
    .join('');
}
