import { rowLabel } from './row.ts';
import type { RunVerdict, StandardVerdict } from './types.ts';

const columns = ['standard', 'target', 'run', 'kind', 'row', 'text', 'result', 'score', 'next level', 'evidence'];

/** The rows of a scorecard for spreadsheets: RFC 4180, one row each. */
export function scorecardCsv({ run, complete }: Pick<RunVerdict, 'run' | 'complete'>, judged: StandardVerdict): string {
  const ended = complete ? run : `${run} (ended early)`;
  const rows = judged.items.map((item) => [
    judged.title,
    judged.target,
    ended,
    item.kind,
    rowLabel(item),
    item.text,
    item.status === 'not-run' ? '' : item.status,
    item.score?.toString() ?? '',
    item.missing?.level.toString() ?? '',
    item.note,
  ]);
  return [columns, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** Always in quotes. A text that a spreadsheet would take for a formula is marked as text. */
function cell(text: string): string {
  const plain = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').replaceAll('"', '""')}"`;
}
