import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const heading = headingWithText(readFileSync(file, 'utf8'), headings[topic]);
    const name = declared ?? basename(file);
    if (heading !== undefined) return { file: name, found: true, where: `${name}, section "${heading}"` };
  }
  const [first] = files;
  const file = declared ?? (first === undefined ? undefined : basename(first));
  return { ...(file === undefined ? {} : { file }), found: false };
}

/** The first heading that matches and has something to say below it (sub-sections count). */
function headingWithText(markdown: string, pattern: RegExp): string | undefined {
  // A comment in a shell example begins like a heading.
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1\s*$/gm, (block) => block.replaceAll(/^#/gm, ' #'));
  const sections = [...text.matchAll(/^(#{1,6})\s+(.+?)\s*#*$/gm)];
  const found = sections.find((section) => {
    const [whole, marks = '', title = ''] = section;
    const end = sections.find((other) => other.index > section.index && (other[1] ?? '').length <= marks.length);
    return (
      pattern.test(title) && text.slice(section.index + whole.length, end?.index).trim().length >= SHORTEST_SECTION
    );
  });
  return found?.[2];
}
