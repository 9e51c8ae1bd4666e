import { isMap, isNode, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { fieldName } from '../../config/document.ts';
import type { Path } from '../../config/document.ts';
import { isTree } from '../../experiments/chart/values.ts';
import type { Tree as Mapping } from '../../experiments/chart/values.ts';

export { isTree as isMapping };
export type { Mapping };

/** Bounds on what is read of a tree; beyond them a file is a mistake or an attack. CRDs are the longest files that people keep in Git. */
export const LIMITS = { bytes: 2 * 1024 * 1024, aliases: 100, depth: 64, files: 5000 } as const;

/** One document of a YAML file. What is done to it on its way to the cluster (patches, substitution) changes `object`. */
export interface SourceDocument {
  /** Relative to the root of the tree. */
  readonly file: string;
  object: Mapping;
  /** Files from which the values of `data` were read, by their keys, where a kustomization generates the object. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Line of the value at `path`, or of its nearest parent. */
  lineOf(path: Path): number;
}

/** What keeps a part of the tree from being read as Flux would read it. Never quotes what stands there: it may be a secret. */
export interface Trouble {
  /** File and line. */
  place: string;
  what: string;
}

export interface Parsed {
  documents: SourceDocument[];
  troubles: Trouble[];
}

/** `apps/arcade/release.yaml:12 spec.values.token`. */
export function placeOf(document: SourceDocument, path: Path = []): string {
  const field = fieldName(path);
  return `${document.file}:${String(document.lineOf(path))}${field === '' ? '' : ` ${field}`}`;
}

/**
 * Reads all documents of a text. Nothing in it is executed; what is no mapping, or no YAML, is told.
 * @param firstLine line of the file at which the text begins.
 */
export function parseText(text: string, file: string, firstLine = 1): Parsed {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const parsed: Parsed = { documents: [], troubles: [] };
  for (const yaml of documentsIn(text, lines)) {
    const [error] = [...yaml.errors, ...yaml.warnings];
    const start = lineAt((yaml.contents ?? yaml).range[0]);
    const value = error === undefined ? valueOf(yaml) : { trouble: `is no valid YAML (${error.code})` };
    if ('trouble' in value) {
      const line = error === undefined ? start : lineAt(error.pos[0]);
      parsed.troubles.push({ place: `${file}:${String(line)}`, what: value.trouble });
    } else if (isTree(value.object)) {
      const lineOf = (path: Path) => lineAt(offsetOf(yaml, path));
      parsed.documents.push({ file, object: value.object, lineOf });
    } else if (value.object !== null) {
      parsed.troubles.push({ place: `${file}:${String(start)}`, what: 'is no mapping' });
    }
  }
  return parsed;
}

function documentsIn(text: string, lineCounter: LineCounter): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false, stringKeys: true, merge: true });
    return [...documents] as Document.Parsed[];
  } catch (thrown) {
    // The parser calls itself for every level of nesting.
    if (!(thrown instanceof RangeError)) throw thrown;
    return documentsIn('"nested too deeply"', lineCounter);
  }
}

function valueOf(yaml: Document.Parsed): { object: unknown } | { trouble: string } {
  if (depthOf(yaml.contents) > LIMITS.depth)
    return { trouble: `is nested more than ${String(LIMITS.depth)} levels deep` };
  try {
    return { object: yaml.toJS({ maxAliasCount: LIMITS.aliases }) };
  } catch {
    return { trouble: `multiplies itself: its aliases cannot be followed` };
  }
}

function depthOf(node: unknown): number {
  if (isMap(node)) return 1 + Math.max(0, ...node.items.map((pair) => depthOf(pair.value)));
  if (isSeq(node)) return 1 + Math.max(0, ...node.items.map(depthOf));
  return 0;
}

function offsetOf(yaml: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? yaml.contents : yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
