import { createHash } from 'node:crypto';
import type { Span } from '../../helpers/history/span.ts';
import { isUnmet } from '../../helpers/verdict/groups.ts';
import { inline } from '../../helpers/verdict/markdown.ts';
import { rowName } from '../../helpers/verdict/row.ts';
import type { CheckResult, ItemVerdict, RunVerdict, StandardVerdict, Verdict } from '../../helpers/verdict/types.ts';

/** One test result in the files that Allure reads, as far as it is used here: https://allurereport.org/docs/how-it-works-test-result-file */
export interface AllureResult {
  uuid: string;
  /** The same in every run: Allure's history and trends go by it. */
  testCaseId: string;
  fullName: string;
  name: string;
  status: AllureStatus;
  stage: 'finished';
  statusDetails: { message?: string; expected?: string; actual?: string };
  description: string;
  /** Moments in ms since the epoch. */
  start: number;
  stop: number;
  parameters: { name: string; value: string; excluded: true }[];
  labels: { name: string; value: string }[];
  links: { name: string; url: string; type: string }[];
  attachments: AllureAttachment[];
  steps: [];
}

export interface AllureAttachment {
  name: string;
  /** Name of a file beside the result. */
  source: string;
  type: string;
}

export type AllureStatus = 'passed' | 'failed' | 'broken' | 'skipped';

/** `broken` is Allure's word for what is red without the target being at fault, and is drawn in a colour of its own. */
const statuses: Readonly<Record<Verdict, AllureStatus>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'broken',
  'not-applicable': 'skipped',
};

/** A failed gate ends a trial, a failed benchmark or criterion lowers a score. */
const severities: Readonly<Record<ItemVerdict['kind'], string>> = {
  gate: 'blocker',
  benchmark: 'critical',
  criterion: 'normal',
};

/** What a verdict does not say and Allure wants to know. */
export interface Surroundings {
  /** When the experiments on a target ran. */
  spans: (target: string) => ReadonlyMap<string, Span>;
  /** Attachments of a row, by the name that they carry. */
  attachments: (standard: string, item: string) => readonly AllureAttachment[];
}

/**
 * Each check of a verdict as a test result of Allure: epic = standard, feature = row, story = level of the rubric, or the experiment. Pure.
 * Rows that were not tried have no checks, and so no result.
 */
export function allureResults(verdict: RunVerdict, around: Surroundings): AllureResult[] {
  return verdict.standards.flatMap((standard) => {
    const spans = around.spans(standard.target);
    return standard.items.flatMap((item) => {
      const place = placeOfPictures(item, around.attachments(standard.standard, item.id));
      return item.checks.map((check) =>
        resultOf(verdict.run, { standard, item, check, span: spans.get(check.experiment), attachments: place(check) }),
      );
    });
  });
}

/** What a row is filed under; also for a spec that never came to judge. */
export function rowLabels(
  { standard, title }: Pick<StandardVerdict, 'standard' | 'title'>,
  item: ItemVerdict,
): AllureResult['labels'] {
  return [
    { name: 'epic', value: title },
    { name: 'feature', value: rowName(item) },
    { name: 'severity', value: severities[item.kind] },
    { name: 'row', value: `${standard}/${item.id}` },
  ];
}

interface Parts {
  standard: StandardVerdict;
  item: ItemVerdict;
  check: CheckResult;
  span: Span | undefined;
  attachments: AllureAttachment[];
}

function resultOf(run: string, { standard, item, check, span, attachments }: Parts): AllureResult {
  const { id, title, expected, seen, verdict, experiment } = check;
  const name = [standard.standard, standard.target, item.id, id].join('/');
  // Whole milliseconds: Allure sorts durations into classes with gaps between whole numbers, and breaks on what falls into one.
  const start = Math.round(span?.begin ?? 0);
  return {
    uuid: identifier(`${run}/${name}`),
    testCaseId: identifier(name),
    fullName: name,
    name: title,
    status: statuses[verdict],
    stage: 'finished',
    statusDetails: isUnmet(check) ? { message: `${verdict}: ${seen}`, expected, actual: seen } : {},
    description: descriptionOf(check, item),
    start,
    stop: Math.round(span?.end ?? start),
    parameters: [
      { name: 'expected', value: expected, excluded: true },
      { name: 'seen', value: seen, excluded: true },
    ],
    labels: [
      ...rowLabels(standard, item),
      { name: 'story', value: storyOf(check, item) },
      { name: 'verdict', value: verdict },
      { name: 'check', value: id },
      { name: 'host', value: standard.target },
      { name: 'thread', value: experiment },
    ],
    links: linksOf(check, standard.target),
    attachments,
    steps: [],
  };
}

function storyOf({ id, experiment }: CheckResult, { levels = [] }: ItemVerdict): string {
  const level = levels.find(({ checks }) => checks.includes(id));
  return level === undefined ? experiment : `Level ${String(level.level)}: ${level.title}`;
}

function descriptionOf({ expected, seen, verdict, reason, evidence = [] }: CheckResult, { text }: ItemVerdict): string {
  return [
    `**${verdict}** — ${inline(text)}`,
    `Expected: ${inline(expected)}`,
    `Seen: ${inline(seen)}`,
    ...(reason === undefined ? [] : [`Why this threshold: ${inline(reason)}`]),
    ...(evidence.length === 0 ? [] : [`Evidence: ${evidence.map(inline).join(', ')}`]),
  ].join('\n\n');
}

/**
 * The raw histories that the check was drawn from, relative to the report in `allure/`. Allure 3 opens only web addresses, and shows the name of
 * any other link as plain text: so the name is the path in the run's folder.
 */
function linksOf({ experiment, evidence = [] }: CheckResult, target: string): AllureResult['links'] {
  const folder = ['experiments', target, experiment];
  const url = ['..', ...folder].map((part) => encodeURIComponent(part)).join('/');
  const files = ['history.jsonl', ...(evidence.some((line) => line.includes('/traffic#')) ? ['traffic.jsonl'] : [])];
  return files.map((file) => ({ name: [...folder, file].join('/'), url: `${url}/${file}`, type: 'history' }));
}

/**
 * Allure shows a file with one result only. What belongs to an experiment goes to the first check of it that is not met, where somebody
 * will look; what belongs to the whole row to the first of all those.
 */
function placeOfPictures(
  { checks }: ItemVerdict,
  attachments: readonly AllureAttachment[],
): (check: CheckResult) => AllureAttachment[] {
  const byInterest = checks.toSorted((a, b) => Number(isUnmet(b)) - Number(isUnmet(a)));
  const placed = Map.groupBy(attachments, ({ name }) => {
    const experiment = checks.map((check) => check.experiment).find((id) => name.startsWith(`${id} `));
    return (byInterest.find((check) => check.experiment === experiment) ?? byInterest[0])?.id;
  });
  return ({ id }) => placed.get(id) ?? [];
}

/** In the shape of a UUID, and always the same for the same text. */
function identifier(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
