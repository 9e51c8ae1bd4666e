/** Text from outside as one cell of a Markdown table: it stays in its cell, on its line, and is shown as it is written. */
export function cell(text: string): string {
  return inline(text).replaceAll('|', String.raw`\|`);
}

/** What nobody sees, and what turns the order of letters round, so that one name looks like another. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside as one line of Markdown: no markup, no HTML, no line break in it takes effect. */
export function inline(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(UNSEEN, '\ufffd')
    .replaceAll(/[\\`*_[\]~]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A row of cells that are Markdown already. */
export function row(...cells: string[]): string {
  return `|${cells.map((content) => (content === '' ? ' ' : ` ${content} `)).join('|')}|`;
}
