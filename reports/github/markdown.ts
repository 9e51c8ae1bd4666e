import { harmless } from '../../helpers/format.ts';
import { inline, row } from '../../helpers/verdict/markdown.ts';
import type { ItemVerdict } from '../../helpers/verdict/types.ts';

/** GitHub refuses comments of more than 65,536 characters; what is left is room for whoever posts it. */
const LIMIT = 60_000;
/** Letters of a finding that are shown; the report has all of it. */
const SEEN = 300;

/** Rows of a table that are listed. */
export const LISTED = 60;

/** The word stands beside the mark wherever it is used: a mark alone says nothing to who cannot see it. */
export const marks: Readonly<Record<ItemVerdict['status'], string>> = {
  pass: '✅ pass',
  fail: '❌ **fail**',
  inconclusive: '⚠️ **inconclusive**',
  'not-applicable': '➖ not applicable',
  'not-run': '⬜ not run',
};

/** As it is written, and without calling anybody: `@name` and `#1` would notify and link. */
export function safe(text: string): string {
  return inline(text).replaceAll(/[@#](?=[\w])/g, '$&<!-- -->');
}

/** Inside of a pair of backticks nothing is markup but a backtick. */
export function code(text: string): string {
  return harmless(text.replaceAll(/\s+/g, ' ').replaceAll('`', "'"));
}

export function shorten(text: string): string {
  return text.length <= SEEN ? text : `${text.slice(0, SEEN)}…`;
}

/** A table of cells that are Markdown already; nothing without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [row(...head), `|${'---|'.repeat(head.length)}`, ...rows.map((cells) => row(...cells.map(inTable))), ''];
}

function inTable(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

/** Says how many rows of a table are missing, if any are. */
export function more(count: number): string[] {
  return count > 0 ? [`… and ${String(count)} more, in the report.`, ''] : [];
}

/** Cut between lines, with everything that was opened closed again. */
export function withinLimit(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > LIMIT) {
      const open =
        kept.filter((one) => one.startsWith('<details>')).length > kept.filter((one) => one === '</details>').length;
      return [
        ...kept,
        '',
        ...(open ? ['</details>', ''] : []),
        'The rest did not fit; the report has all of it.',
        '',
      ].join('\n');
    }
    kept.push(line);
  }
  return kept.join('\n');
}
