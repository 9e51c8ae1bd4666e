import { styleText } from 'node:util';
import { changeOrder, inOrder } from '../helpers/verdict/diff.ts';
import type { Change, CheckDiff, RowDiff, RowState, StandardDiff, VerdictDiff } from '../helpers/verdict/diff.ts';
import type { Finding } from '../helpers/verdict/types.ts';
import { oneLine } from './summary.ts';

const words: Readonly<Record<Change, { word: string; colour: Parameters<typeof styleText>[0] }>> = {
  worse: { word: 'worse', colour: 'red' },
  better: { word: 'better', colour: 'green' },
  other: { word: 'changed', colour: 'yellow' },
  gone: { word: 'gone', colour: 'yellow' },
  new: { word: 'new', colour: 'gray' },
};

/** References of evidence that are named. */
const EVIDENCE_SHOWN = 3;

/** What got better or worse, for a terminal. Colours only where it wants them. */
export function diffText({ before, after, standards }: VerdictDiff): string {
  const early = [before, after]
    .filter(({ complete }) => !complete)
    .map(({ run }) => `Run ${oneLine(run)} ended early.`);
  return [
    `From run ${oneLine(before.run)} to run ${oneLine(after.run)}`,
    ...early,
    ...standards.flatMap(standardLines),
  ].join('\n');
}

function standardLines({ title, target, rows, checks, unchanged }: StandardDiff): string[] {
  return [
    '',
    styleText('bold', oneLine(`${title} · ${target}`)),
    ...(rows.length + checks.length === 0 ? ['  Nothing changed.'] : []),
    ...inOrder(rows).map(rowLine),
    ...inOrder(checks).flatMap(checkLines),
    `  checks: ${summary(checks)}${String(unchanged)} unchanged`,
  ];
}

function summary(checks: readonly CheckDiff[]): string {
  return changeOrder
    .map((change) => [checks.filter((check) => check.change === change).length, words[change].word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${String(count)} ${word}, `)
    .join('');
}

function rowLine({ label, before, after, change }: RowDiff): string {
  return `  ${mark(change)} ${oneLine(label)}: ${stateText(before)} → ${stateText(after)}`;
}

function stateText(state: RowState | undefined): string {
  if (state === undefined) return 'no such row';
  return state.score === undefined ? state.status : `${String(state.score)} of 5`;
}

function checkLines({ id, title, before, after, change }: CheckDiff): string[] {
  const line = `  ${mark(change)} ${oneLine(id)}: ${oneLine(title)}`;
  if (change === 'new' || change === 'gone') return [`${line} (${(after ?? before)?.verdict ?? ''})`];
  return [line, ...side('before', before), ...side('now', after)];
}

function side(when: string, finding: Finding | undefined): string[] {
  if (finding === undefined) return [];
  const { verdict, seen, evidence = [] } = finding;
  const where = evidence.length === 0 ? '' : ` (${evidence.slice(0, EVIDENCE_SHOWN).join(', ')})`;
  return [`${' '.repeat(12)}${when.padEnd(6)} ${verdict}: ${oneLine(seen)}${oneLine(where)}`];
}

function mark(change: Change): string {
  const { word, colour } = words[change];
  return styleText(colour, word.padEnd(8));
}
