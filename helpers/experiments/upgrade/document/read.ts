import { Lexer, type Token, type Tokens } from 'marked';

/** Something that the document says, and where. */
export interface Passage {
  kind: 'heading' | 'text' | 'step' | 'item' | 'row' | 'code';
  /** Line of the file, the first being 1. */
  line: number;
  text: string;
  /** Headings that it stands below, the outermost first, without the title of the document; a heading stands below itself. */
  under: string[];
}

/** A block of shell commands. */
export interface ShellBlock {
  file: string;
  /** Line of its fence. */
  line: number;
  script: string;
  /** What its fence says that it is for: `sh {"tag":"backup"}`, in the notation of Runme (runme.dev). */
  tags: string[];
}

export interface UpgradeDocument {
  file: string;
  passages: Passage[];
  blocks: ShellBlock[];
}

const SHELLS = ['sh', 'bash', 'shell', 'zsh'];
const TAG = /["']?tag["']?\s*[:=]\s*["']?([\w-]+(?:\s*,\s*[\w-]+)*)/;

/**
 * Reads a Markdown document into passages with their lines: paragraphs, list items, rows of tables, code.
 * @param file its name, for messages.
 */
export function readUpgradeDocument(file: string, markdown: string): UpgradeDocument {
  const text = markdown.replaceAll('\r\n', '\n');
  const passages: Passage[] = [];
  const blocks: ShellBlock[] = [];
  const headings: { depth: number; text: string }[] = [];
  const walk = (tokens: readonly Token[], firstLine: number) => {
    let line = firstLine;
    for (const token of tokens) {
      if (isHeading(token)) {
        while ((headings.at(-1)?.depth ?? 0) >= token.depth) headings.pop();
        headings.push({ depth: token.depth, text: token.text });
      }
      const under = headings.map((heading) => heading.text);
      passages.push(...passagesOf(token, line).map((passage) => ({ ...passage, under })));
      if (token.type === 'code') blocks.push(...shellBlocks(file, token as Tokens.Code, line));
      if (token.type === 'list') walkItems(token as Tokens.List, line, walk);
      if (token.type === 'blockquote') walk((token as Tokens.Blockquote).tokens, line);
      line += token.raw.split('\n').length - 1;
    }
  };
  const tokens = new Lexer().lex(text);
  walk(tokens, 1);
  const isTitled = tokens.filter((token) => isHeading(token) && token.depth === 1).length === 1;
  return { file, passages: isTitled ? passages.map(withoutTitle) : passages, blocks };
}

/** A title that names two things would count for either of them, wherever one looks. */
function withoutTitle(passage: Passage): Passage {
  return passage.under.length > 1 ? { ...passage, under: passage.under.slice(1) } : passage;
}

/** What an item holds besides its text is walked through as well, e.g. code. */
function walkItems({ items }: Tokens.List, firstLine: number, walk: (tokens: Token[], line: number) => void): void {
  let line = firstLine;
  for (const item of items) {
    walk(
      item.tokens.filter(({ type }) => type !== 'text'),
      line + linesBefore(item),
    );
    line += linesOf(item);
  }
}

/** The last item of a list has no line break at its end, and needs none to be counted. */
function linesOf({ raw }: Tokens.ListItem): number {
  return raw.split('\n').length - (raw.endsWith('\n') ? 1 : 0);
}

/** Lines of an item before the first thing in it that is more than text. */
function linesBefore({ tokens, raw }: Tokens.ListItem): number {
  const first = tokens.find(({ type }) => type !== 'text');
  const start = first?.raw.trim().split('\n')[0] ?? '';
  const at = raw.split('\n').findIndex((line) => start !== '' && line.includes(start.trim()));
  return Math.max(0, at);
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === 'heading';
}

function passagesOf(token: Token, line: number): Omit<Passage, 'under'>[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', line, text: (token as Tokens.Heading).text }];
    case 'paragraph':
      return [{ kind: 'text', line, text: (token as Tokens.Paragraph).text }];
    case 'code':
      return [{ kind: 'code', line, text: (token as Tokens.Code).text }];
    case 'table':
      return (token as Tokens.Table).rows.map((cells, row) => ({
        kind: 'row',
        line: line + 2 + row,
        text: cells.map(({ text }) => text).join(' | '),
      }));
    case 'list': {
      const { items, ordered } = token as Tokens.List;
      let at = line;
      return items.map((item) => {
        const passage = { kind: ordered ? ('step' as const) : ('item' as const), line: at, text: item.text };
        at += linesOf(item);
        return passage;
      });
    }
    default:
      return [];
  }
}

function shellBlocks(file: string, { lang = '', text }: Tokens.Code, line: number): ShellBlock[] {
  const [language = ''] = lang.trim().split(/[\s{]/);
  if (!SHELLS.includes(language)) return [];
  const tags = TAG.exec(lang)?.[1]
    ?.split(',')
    .map((tag) => tag.trim());
  return [{ file, line, script: text, tags: tags ?? [] }];
}
