import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document as YamlDocument, Node, Pair } from 'yaml';
import { messageOf, UserError } from '../errors.ts';

/** Bounds on what a person may write by hand; beyond them a file is a mistake or an attack, and reading it would take long. */
const LIMITS = { bytes: 256 * 1024, aliases: 100, depth: 24 } as const;

/** Where something stands in a document: names of fields and indices of lists. */
export type Path = readonly PropertyKey[];

/** A YAML or JSON file (JSON is read as the YAML that it is) whose values still know their lines. */
export interface Document {
  file: string;
  value: unknown;
  /** `target.yaml:12 releases[0].chart`: the line of the value, or of its nearest parent when it is missing. */
  place(path: Path): string;
  /** The same for the name of the field `key` below `path`. */
  placeOfKey(path: Path, key: string): string;
}

/**
 * Reads a YAML or JSON file. Nothing in it is executed: no tags, no merge keys, bounded size, depth and aliases.
 * @throws UserError naming the line of every syntax error.
 */
export function readDocument(file: string): Document {
  const name = shortName(file);
  const text = readText(file, name);
  const lines = new LineCounter();
  const yaml = parse(text, lines, name);
  const [first, ...rest] = [...yaml.errors, ...yaml.warnings].map((error) => ({
    what: firstLine(error.message),
    where: `${name}:${String(lines.linePos(error.pos[0]).line)}`,
    fix: error.code === 'DUPLICATE_KEY' ? 'keep one of the two' : 'correct the YAML at this line',
  }));
  if (first) throw new UserError(first, ...rest);

  const line = (node: Node | undefined) => (node?.range ? lines.linePos(node.range[0]).line : 1);
  return {
    file,
    value: toValue(yaml, name),
    place: (path) => describePlace(name, line(nodeAt(yaml, path)), path),
    placeOfKey: (path, key) =>
      describePlace(name, line(pairAt(followed(yaml, nodeAt(yaml, path)), key)?.key), [...path, key]),
  };
}

/** `releases[0].chart`, empty for the whole document. */
export function fieldName(path: Path): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${String(part)}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `${name}[${JSON.stringify(key)}]`;
    return name === '' ? key : `${name}.${key}`;
  }, '');
}

/** The path as a person who works in the current folder would type it. */
export function shortName(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') || isAbsolute(short) ? file : short;
}

function describePlace(name: string, line: number, path: Path): string {
  const field = fieldName(path);
  return `${name}:${String(line)}${field === '' ? '' : ` ${field}`}`;
}

function readText(file: string, name: string): string {
  try {
    const { size } = statSync(file);
    if (size <= LIMITS.bytes) return readFileSync(file, 'utf8');
    throw new UserError({
      what: `The file has ${String(size)} bytes; at most ${String(LIMITS.bytes)} are read`,
      where: name,
      fix: 'move long texts into values files or documents and name those here',
    });
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError({
      what: `The file cannot be read: ${messageOf(thrown)}`,
      where: name,
      fix: 'check the path and its permissions',
    });
  }
}

function parse(text: string, lines: LineCounter, name: string): YamlDocument.Parsed {
  try {
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    if (depthOf(yaml.contents) <= LIMITS.depth) return yaml;
  } catch (thrown) {
    // The parser calls itself for every level of nesting.
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  throw new UserError({
    what: `The file is nested more than ${String(LIMITS.depth)} levels deep`,
    where: name,
    fix: 'flatten it: nothing that Seatrial reads is nested that deep',
  });
}

function toValue(yaml: YamlDocument.Parsed, name: string): unknown {
  try {
    return yaml.toJS({ maxAliasCount: LIMITS.aliases });
  } catch (thrown) {
    throw new UserError({
      what: `Aliases cannot be followed: ${messageOf(thrown)}`,
      where: name,
      fix: 'write the values out instead of using aliases',
    });
  }
}

function depthOf(node: unknown): number {
  if (isMap(node)) return 1 + Math.max(0, ...node.items.map((pair) => depthOf(pair.value)));
  if (isSeq(node)) return 1 + Math.max(0, ...node.items.map(depthOf));
  return 0;
}

/** The node at `path`, or the nearest parent that exists. */
function nodeAt(yaml: YamlDocument.Parsed, path: Path): Node | undefined {
  let node: Node | undefined = yaml.contents ?? undefined;
  for (const part of path) {
    const parent = followed(yaml, node);
    const child: unknown =
      isSeq(parent) && typeof part === 'number' ? parent.items[part] : pairAt(parent, String(part))?.value;
    if (child === undefined || child === null) break;
    node = child as Node;
  }
  return node;
}

/** What an alias stands for. */
function followed(yaml: YamlDocument.Parsed, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(yaml) : node;
}

function pairAt(node: unknown, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap<Node, Node | null>(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
