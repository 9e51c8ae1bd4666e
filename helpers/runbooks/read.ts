import { Lexer, type Token, type Tokens } from 'marked';
import { frontMatterMistake, readFrontMatter, splitFrontMatter, type FrontMatter } from './front-matter.ts';
import { readFence } from './info.ts';
import { topics, type Block, type Runbook, type Topic } from './types.ts';

/** Words of headings under which runbooks speak of a topic; the first that fits counts: "how to verify the fix" is no remedy. */
const words: Record<Topic, RegExp> = {
  symptoms: /symptom|alert|detect|how .*(seen|noticed)/i,
  verification: /verif|validat|confirm/i,
  escalation: /escalat|contact/i,
  diagnosis: /diagnos|investigat|triage|cause|check/i,
  remedy: /remed|mitigat|resol|repair|recover|fix|steps|action/i,
};

/** @returns undefined when the file is no runbook: it has no front matter, or names no failure there. */
export function readRunbook(file: string, text: string): Runbook | undefined {
  const { yaml, markdown } = splitFrontMatter(text);
  if (yaml === undefined) return undefined;
  let front: FrontMatter | undefined;
  try {
    front = readFrontMatter(yaml);
  } catch (thrown) {
    return { ...empty(file), mistakes: [frontMatterMistake(thrown)] };
  }
  if (front === undefined) return undefined;
  const tokens = new Lexer().lex(markdown);
  const { blocks, mistakes } = blocksIn(tokens, markdown);
  return {
    file,
    failures: front.failure,
    severity: front.severity,
    limits: {
      ...(front.detect === undefined ? {} : { detectMs: front.detect }),
      ...(front.recover === undefined ? {} : { recoverMs: front.recover }),
    },
    topics: topicsIn(tokens),
    blocks,
    mistakes,
  };
}

function empty(file: string): Runbook {
  return { file, failures: [], severity: undefined, limits: {}, topics: [], blocks: [], mistakes: [] };
}

/** Topics of which a heading speaks, and below which there is something before the next heading of the same rank. */
function topicsIn(tokens: readonly Token[]): Topic[] {
  const headings = tokens.flatMap((token, at) => (isHeading(token) ? [{ token, at }] : []));
  const said = headings.flatMap(({ token, at }, index) => {
    const next = headings.slice(index + 1).find(({ token: other }) => other.depth <= token.depth);
    const content = tokens.slice(at + 1, next?.at);
    const topic = (Object.keys(words) as Topic[]).find((candidate) => words[candidate].test(token.text));
    const saysSomething = content.some(({ type }) => !['space', 'heading', 'hr', 'html'].includes(type));
    return topic !== undefined && saysSomething ? [topic] : [];
  });
  return topics.filter((topic) => said.includes(topic));
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === 'heading';
}

/** Runnable blocks in the order in which they stand, those in lists and quotes too. */
function blocksIn(tokens: readonly Token[], markdown: string): { blocks: Block[]; mistakes: string[] } {
  const blocks: Block[] = [];
  const mistakes: string[] = [];
  let position = 0;
  for (const code of codesIn(tokens)) {
    const info = code.lang ?? '';
    // Lexers do not tell lines: the fence is looked for from where the last one stood.
    position = Math.max(position, info === '' ? position : markdown.indexOf(info, position));
    const line = markdown.slice(0, position).split('\n').length;
    const { role, mistake } = readFence(info);
    if (mistake !== undefined) mistakes.push(`${String(line)}: ${mistake}`);
    if (role !== undefined) blocks.push({ role, line, script: code.text });
    position += info.length + code.text.length;
  }
  return { blocks, mistakes };
}

function codesIn(tokens: readonly Token[]): Tokens.Code[] {
  return tokens.flatMap((token) => {
    if (token.type === 'code') return [token as Tokens.Code];
    const children = [...('tokens' in token ? (token.tokens ?? []) : []), ...itemsOf(token)];
    return codesIn(children);
  });
}

function itemsOf(token: Token): Token[] {
  return token.type === 'list' ? (token as Tokens.List).items : [];
}
