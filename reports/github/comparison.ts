import { inOrder } from '../../helpers/verdict/diff.ts';
import type { Change, CheckDiff, RowDiff, VerdictDiff } from '../../helpers/verdict/diff.ts';
import { rowName } from '../../helpers/verdict/row.ts';
import type { RunVerdict } from '../../helpers/verdict/types.ts';
import { code, LISTED, marks, more, safe, shorten, table } from './markdown.ts';

/** What a reader has to do something about comes first. */
const order: readonly Change[] = ['worse', 'gone', 'other', 'better', 'new'];

/**
 * What changed against the base branch: rows first, checks folded away below them. Pure.
 * @param base a text says why there is nothing to compare with.
 */
export function comparisonLines(base: VerdictDiff | string | undefined, verdict: RunVerdict | undefined): string[] {
  if (base === undefined) return [];
  const heading = ['### Against the base branch', ''];
  if (typeof base === 'string') return [...heading, safe(base), ''];
  const names = namesIn(verdict);
  const rows = base.standards.flatMap(({ standard, target, rows: own }) =>
    own.map((row) => rowCells(row, names.get(JSON.stringify([standard, target, row.id])) ?? row.label)),
  );
  const checks = inOrder(
    base.standards.flatMap((standard) => standard.checks),
    order,
  );
  const changed = rows.length + checks.length;
  const early = base.before.complete ? '' : ', which ended early';
  return [
    ...heading,
    `Compared with run \`${code(base.before.run)}\`${early}: ${changed === 0 ? 'no verdict changed.' : `${String(changed)} changed.`}`,
    '',
    ...table(['', 'Row', 'Before', 'Now'], rows),
    ...checkLines(checks),
  ];
}

function checkLines(checks: readonly CheckDiff[]): string[] {
  if (checks.length === 0) return [];
  const counts = order.map((change) => [checks.filter((check) => check.change === change).length, change] as const);
  const told = counts.filter(([count]) => count > 0).map(([count, change]) => `${String(count)} ${change}`);
  return [
    `<details><summary>Checks: ${told.join(', ')}</summary>`,
    '',
    ...table(['', 'Check', 'Before', 'Now'], checks.slice(0, LISTED).map(checkCells)),
    ...more(checks.length - LISTED),
    '</details>',
    '',
  ];
}

/** As the tables above have them, by standard, target and row. */
function namesIn(verdict: RunVerdict | undefined): Map<string, string> {
  return new Map(
    (verdict?.standards ?? []).flatMap(({ standard, target, items }) =>
      items.map((item) => [JSON.stringify([standard, target, item.id]), rowName(item)]),
    ),
  );
}

function rowCells({ before, after, change }: RowDiff, name: string): string[] {
  return [change, safe(shorten(name)), scoreOrStatus(before), scoreOrStatus(after)];
}

function checkCells({ title, before, after, change }: CheckDiff): string[] {
  const mark = (finding: CheckDiff['before']) => (finding === undefined ? '' : marks[finding.verdict]);
  return [change, safe(shorten(title)), mark(before), mark(after)];
}

function scoreOrStatus(state: RowDiff['before']): string {
  if (state === undefined) return '';
  return state.score === undefined ? marks[state.status] : `${String(state.score)} of 5`;
}
