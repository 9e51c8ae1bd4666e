import { Marked } from 'marked';
import { escape } from '../svg.ts';

/** Word processors keep what stands at the element itself, and drop style sheets. */
const styles: Readonly<Record<string, string>> = {
  table: 'border-collapse:collapse;width:100%',
  th: 'border:1px solid #999;padding:4px 8px;text-align:left;vertical-align:top;background:#eee;color:#000',
  td: 'border:1px solid #999;padding:4px 8px;vertical-align:top',
};

/** A scorecard as a page that pastes into a word processor with its tables. Markup that came from outside stays text. */
export function scorecardHtml(markdown: string): string {
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escape(text),
      // A word processor drops what can be clicked.
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
      // Nothing in a scorecard is a link; what looks like one came from outside.
      link: ({ text }) => escape(text),
      image: ({ text }) => escape(text),
    },
  });
  const body = marked.parse(markdown, { async: false });
  const styled = body.replaceAll(
    /<(table|th|td)(?=[ >])/g,
    (tag, name: string) => `${tag} style="${styles[name] ?? ''}"`,
  );
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Scorecard</title></head>\n<body style="font-family:sans-serif">\n${styled}</body></html>\n`;
}

/** The same in letters that every clipboard and every code page knows. */
export function asciiHtml(html: string): string {
  return html.replaceAll(/[^\u0000-\u007f]/gu, (letter) => `&#${String(letter.codePointAt(0) ?? 0)};`);
}
