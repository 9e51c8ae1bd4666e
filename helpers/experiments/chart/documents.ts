import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { textOf } from '../../files.ts';
import type { Chart } from '../../helm/chart.ts';
import type { Target } from '../../target/schema.ts';

/** Whether a document describes something, and in which section. */
export interface Described {
  /** The document that was meant to, relative to the target's folder. */
  file?: string;
  found: boolean;
  /** Document and heading. */
  where?: string;
}

export const topics = ['upgrade', 'rollback', 'uninstall'] as const;
export type Topic = (typeof topics)[number];

const headings: Record<Topic, RegExp> = {
  upgrade: /\bupgrad/i,
  rollback: /\broll(ing)?[ -]?back/i,
  uninstall: /\b(uninstall|remov|delet)/i,
};

/** A section with less than this many characters says no more than its heading. */
const SHORTEST_SECTION = 80;

/** Looks for a section on each topic: in the document that the target declares for it, else in the READMEs of its charts. */
export function describeTopics(target: Target, charts: readonly Chart[]): Record<Topic, Described> {
  const { upgrade, uninstall, readme } = target.docs;
  const readmes =
    readme === undefined ? charts.map(({ folder }) => join(folder, 'README.md')) : [join(target.folder, readme)];
  const declared: Record<Topic, string | undefined> = { upgrade, rollback: upgrade, uninstall };
  const find = (topic: Topic) => {
    const document = declared[topic];
    return findSection(topic, document === undefined ? readmes : [join(target.folder, document)], document);
  };
  return { upgrade: find('upgrade'), rollback: find('rollback'), uninstall: find('uninstall') };
}

function findSection(topic: Topic, files: readonly string[], declared: string | undefined): Described {
  for (const file of files.filter((name) => existsSync(name))) {
    const heading = headingWithText(textOf(file), headings[topic]);
    const name = declared ?? basename(file);
    if (heading !== undefined) return { file: name, found: true, where: `${name}, section "${heading}"` };
  }
  const [first] = files;
  const file = declared ?? (first === undefined ? undefined : basename(first));
  return { ...(file === undefined ? {} : { file }), found: false };
}

/** The first heading that matches and has something to say below it (sub-sections count). */
function headingWithText(markdown: string, pattern: RegExp): string | undefined {
  const lines = markdown.split('\n');
  const headings = headingsIn(lines);
  const found = headings.find(({ line, depth, title }, index) => {
    if (!pattern.test(title)) return false;
    const end = headings.slice(index + 1).find((other) => other.depth <= depth)?.line;
    return (
      lines
        .slice(line + 1, end)
        .join('\n')
        .trim().length >= SHORTEST_SECTION
    );
  });
  return found?.title;
}

/** Line by line, since whoever wrote the document may mean harm: a pattern over all of it could be kept busy for hours. */
function headingsIn(lines: readonly string[]): { line: number; depth: number; title: string }[] {
  let fence: string | undefined;
  return lines.flatMap((text, line) => {
    const mark = ['```', '~~~'].find((candidate) => text.startsWith(candidate));
    // A comment in a shell example begins like a heading.
    if (fence !== undefined) {
      if (mark === fence && text.trim() === fence) fence = undefined;
      return [];
    }
    fence = mark;
    const depth = /^#{1,6}(?=\s)/.exec(text)?.[0].length;
    if (depth === undefined) return [];
    const title = text.slice(depth).trim();
    return title === '' ? [] : [{ line, depth, title: title.slice(0, lastBefore(title, '#')).trimEnd() }];
  });
}

/** Where what stands at the end of a text begins, when it is nothing but `mark`. */
function lastBefore(text: string, mark: string): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === mark) end--;
  return end;
}
