/** Text from outside as one cell of a Markdown table: it stays in its cell, on its line, and is shown as it is written. */
export function cell(text: string): string {
  return inline(text).replaceAll('|', String.raw`\|`);
}

/** Text from outside as one line of Markdown: no markup, no HTML, no line break in it takes effect. */
export function inline(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]~]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A row of cells that are Markdown already. */
export function row(...cells: string[]): string {
  return `|${cells.map((content) => (content === '' ? ' ' : ` ${content} `)).join('|')}|`;
}
