import type { VerdictDiff } from '../helpers/verdict/diff.ts';
import { groupFindings, isUnmet } from '../helpers/verdict/groups.ts';
import type { FindingGroup } from '../helpers/verdict/groups.ts';
import { rowName } from '../helpers/verdict/row.ts';
import type { ItemVerdict, RunVerdict, StandardVerdict } from '../helpers/verdict/types.ts';
import { comparisonLines } from './github/comparison.ts';
import { code, LISTED, marks, more, safe, shorten, table, withinLimit } from './github/markdown.ts';

/** By this the comment of an earlier run is found again. */
export const MARKER = '<!-- seatrial: verdict -->';

export interface PullRequestFacts {
  verdict: RunVerdict | undefined;
  /** Why the run ended before its time. */
  endedEarly?: string | undefined;
  /** What went wrong outside of the tests. */
  troubles?: readonly string[];
  /** e.g. `kind v1.36.3`. */
  cluster?: string | undefined;
  /** Against the base branch; a text says why there is nothing to compare with. */
  base?: VerdictDiff | string | undefined;
  /** Page of the workflow's run, where the artifacts are. */
  runUrl?: string | undefined;
}

/** The verdict as Markdown for a pull request and for the summary of a job. Pure. Text from outside is shown as it is written. */
export function pullRequestMarkdown({ verdict, endedEarly, troubles = [], ...facts }: PullRequestFacts): string {
  const tried = (verdict?.standards ?? []).filter(({ items }) => items.some(({ status }) => status !== 'not-run'));
  // Who reads of several must see which is which.
  const nameOf = ({ title, target }: StandardVerdict) =>
    tried.length > 1 ? `${safe(title)} · ${safe(target)}` : safe(title);
  const lines = [
    MARKER,
    `## Seatrial: ${verdict === undefined ? 'no verdict' : headline(tried, endedEarly !== undefined || !verdict.complete)}`,
    '',
    ...(endedEarly === undefined ? [] : [`> [!CAUTION]`, `> **${safe(endedEarly)}**`, '']),
    ...troubles.flatMap((trouble) => [`> ❌ Outside of the tests: ${safe(shorten(trouble))}`, '']),
    ...(tried.length === 0
      ? ['Nothing of any standard was tried.', '']
      : tried.flatMap((one) => standardLines(one, nameOf(one)))),
    ...comparisonLines(facts.base, verdict),
    ...tried.flatMap((one) => unmetLines(one, nameOf(one))),
    footer(verdict, facts),
    '',
  ];
  return withinLimit(lines);
}

function headline(tried: readonly StandardVerdict[], early: boolean): string {
  const gates = tried
    .flatMap(({ items }) => items)
    .filter(({ kind, status }) => kind === 'gate' && status !== 'not-run');
  const of = (wanted: ItemVerdict['status']) => gates.filter(({ status }) => status === wanted).length;
  const waived = of('not-applicable');
  const targets = [...new Set(tried.map(({ target }) => safe(target)))].join(', ');
  const outcome =
    gates.length === 0
      ? 'no gate was tried'
      : `${String(of('pass'))} of ${String(gates.length)} gates that were tried pass`;
  const apart = waived === 0 ? '' : `, ${String(waived)} not applicable`;
  return `${targets} — ${outcome}${apart}${early ? ' — ended early' : ''}`;
}

function standardLines({ items, remarks = [] }: StandardVerdict, name: string): string[] {
  const of = (kind: ItemVerdict['kind']) => items.filter((item) => item.kind === kind);
  return [
    `### ${name}`,
    '',
    ...table(['Gate', 'Verdict', 'Seen'], of('gate').map(resultCells)),
    ...table(['Benchmark', 'Verdict', 'Seen'], of('benchmark').map(resultCells)),
    ...table(['Criterion', 'Score', 'Verdict', 'What stands before the next level'], of('criterion').map(scoreCells)),
    ...remarks.flatMap((remark) => [`- ${safe(shorten(remark))}`, '']),
  ];
}

function resultCells(item: ItemVerdict): string[] {
  return [safe(rowName(item)), marks[item.status], safe(shorten(item.note))];
}

function scoreCells(item: ItemVerdict): string[] {
  const { missing, checks, status, score } = item;
  const blocking = checks.filter((check) => missing?.checks.includes(check.id) === true && isUnmet(check));
  const why =
    missing === undefined
      ? item.note
      : `for ${String(missing.level)}: ${groupFindings(blocking).map(groupText).join('; ')}`;
  return [
    safe(rowName(item)),
    score === undefined ? '' : `**${String(score)}** of 5`,
    marks[status],
    safe(shorten(why)),
  ];
}

/** What was found once is told once. */
function groupText({ verdict, checks: [first, ...others] }: FindingGroup): string {
  const alike = others.length === 0 ? '' : ` (and ${String(others.length)} more, for the same reason)`;
  return `${verdict}: ${first?.title ?? ''}${alike}`;
}

/** Folded away: the tables above say which rows are red. */
function unmetLines({ items }: StandardVerdict, name: string): string[] {
  const unmet = items.flatMap((item) =>
    item.checks.filter(isUnmet).map((check) => [
      safe(rowName(item)),
      marks[check.verdict],
      `${safe(check.title)} (\`${code(check.id)}\`)`,
      safe(shorten(check.expected)),
      `${safe(shorten(check.seen))}${(check.evidence ?? [])
        .slice(0, 2)
        .map((line) => ` \`${code(line)}\``)
        .join('')}`,
    ]),
  );
  if (unmet.length === 0) return [];
  const shown = unmet.slice(0, LISTED);
  return [
    `<details><summary>What failed or could not be judged: ${String(unmet.length)} ${unmet.length === 1 ? 'check' : 'checks'} of ${name}</summary>`,
    '',
    ...table(['Row', 'Verdict', 'Check', 'Expected', 'Seen'], shown),
    ...more(unmet.length - shown.length),
    '</details>',
    '',
  ];
}

function footer(
  verdict: RunVerdict | undefined,
  { cluster, runUrl }: Pick<PullRequestFacts, 'cluster' | 'runUrl'>,
): string {
  const parts = [
    ...(verdict === undefined ? [] : [`Run \`${code(verdict.run)}\``]),
    ...(cluster === undefined ? [] : [`on ${safe(cluster)}`]),
    ...(runUrl === undefined ? [] : [`· [reports and raw histories](${encodeURI(runUrl)})`]),
  ];
  return `<sub>${parts.join(' ')}</sub>`;
}
