import { cell, inline, row } from '../../helpers/verdict/markdown.ts';
import type { ItemKind, ItemVerdict, RunVerdict, StandardVerdict } from '../../helpers/verdict/types.ts';

/** How much the category counts among the others; its title says so. */
const WEIGHT = 7;
const HIGHEST_SCORE = 5;

/** The scorecard in the shape in which it was handed out, ready to paste. */
export function scorecard(verdict: StandardVerdict, run: Pick<RunVerdict, 'run' | 'complete'>): string {
  const rowsOf = (kind: ItemKind, cells: (item: ItemVerdict) => string[]) =>
    verdict.items.filter((item) => item.kind === kind).map((item) => row(...cells(item)));

  return [
    '# Category 8 — Deployment and Operations (weight 7)',
    '',
    ...(run.complete ? [] : ['> **This run ended early: what is blank or inconclusive below was cut off.**', '']),
    '> Verbatim criteria/gates from the criteria Google Doc. Fill Score/Evidence locally; **the human pastes**. 1–5 scale; anchors at 1/3/5.',
    '',
    '## Scores',
    '',
    '| # | Criterion (verbatim) | Score (1–5) | Evidence / note |',
    '|---|---|---|---|',
    ...rowsOf('criterion', (item) => [String(item.number), item.text, item.score?.toString() ?? '', cell(item.note)]),
    '',
    totals(verdict.items),
    '',
    '## Score anchors',
    '',
    '- **1** — No Helm chart; manual deployment only; no dedicated support',
    '- **3** — Helm chart works with gaps; zero-downtime config updates unverified; support exists but is not dedicated',
    '- **5** — Helm-native, GitOps-compatible, zero-downtime config, dedicated SE, documented escalation path',
    '',
    '## Benchmark tests',
    '',
    '| # | Test (verbatim) | Result | Evidence |',
    '|---|---|---|---|',
    ...rowsOf('benchmark', (item) => [String(item.number), item.text, resultOf(item), cell(item.note)]),
    '',
    '## Suggested pass/fail gates',
    '',
    '| Gate | Pass condition (verbatim) | Result | Evidence |',
    '|---|---|---|---|',
    ...rowsOf('gate', (item) => [item.name ?? '', item.text, resultOf(item), cell(item.note)]),
    '',
    '## Findings',
    '',
    ...findings(verdict, run).map((finding) => `- ${finding}`),
    '',
  ].join('\n');
}

function resultOf({ status }: ItemVerdict): string {
  return status === 'not-run' ? '' : status;
}

/** Only what was scored counts, and the line says how much that is. */
function totals(items: readonly ItemVerdict[]): string {
  const criteria = items.filter(({ kind }) => kind === 'criterion');
  const scores = criteria.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (scores.length === 0) return '**Average:** ___ **Category score:** ___';
  const average = scores.reduce<number>((sum, score) => sum + score, 0) / scores.length;
  const scored = `${String(scores.length)} of ${String(criteria.length)} scored`;
  const category = `${(average * WEIGHT).toFixed(2)} of ${String(HIGHEST_SCORE * WEIGHT)}`;
  return `**Average:** ${average.toFixed(2)} (${scored}) **Category score:** ${category} (average × weight; ${scored})`;
}

function findings({ target, items, remarks = [] }: StandardVerdict, { run }: Pick<RunVerdict, 'run'>): string[] {
  const ran = items.filter(({ status }) => status !== 'not-run');
  const checks = new Map(items.flatMap((item) => item.checks.map((result) => [result.id, result] as const)));
  const unmet = [...checks.values()].filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return [
    `Target ${inline(target)}, run ${inline(run)}: evidence for ${String(ran.length)} of ${String(items.length)} rows, ${String(checks.size)} checks, ${String(unmet.length)} of them failed or inconclusive.`,
    ...unmet.map(
      ({ id, verdict, title, seen }) => `${verdict}: ${inline(title)}; seen: ${inline(seen)} (${inline(id)})`,
    ),
    ...items.flatMap(({ number, score, missing }) =>
      score === undefined || missing === undefined
        ? []
        : [
            `Criterion ${String(number)} has score ${String(score)}; ${String(missing.level)} needs: ${missing.checks.map(inline).join(', ')}.`,
          ],
    ),
    ...remarks.map(inline),
  ];
}
