import type { Path } from '../../config/document.ts';
import { isMapping } from './document.ts';
import type { Mapping, SourceDocument } from './document.ts';
import { kindOf, textAt } from './objects.ts';

/** `${name}`, `${name:=default}`, `${name:-default}`; `$${name}` stands for itself. */
const VARIABLE = /(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[=-])([^{}]*)|[^{}]*)?\}/g;

/** Keeps Flux from substituting in an object. */
const DISABLED = 'kustomize.toolkit.fluxcd.io/substitute';

/** A variable and where it stands in a document. */
export interface Variable {
  name: string;
  path: Path;
}

/**
 * Fills in what is known, in place, as Flux does after the build.
 * @returns the variables that have neither a value nor a default.
 */
export function substitute(document: SourceDocument, values: ReadonlyMap<string, string>): Variable[] {
  if (isExcepted(document.object)) return [];
  const missing: Variable[] = [];
  const fill = (text: string, path: Path) =>
    text.replaceAll(VARIABLE, (whole, name: string, _operator: string | undefined, fallback: string | undefined) => {
      const value = values.get(name) ?? fallback;
      if (value === undefined) missing.push({ name, path });
      return value ?? whole;
    });
  document.object = mapTexts(document.object, [], (text, path) => fill(text, path).replaceAll('$${', '${')) as Mapping;
  return missing;
}

/** Puts stand-ins where the trial will write what is known only then (`${images.gateway.tag}`), in place. */
export function putStandIns(document: SourceDocument, standIns: ReadonlyMap<string, string>): void {
  if (standIns.size === 0) return;
  document.object = mapTexts(document.object, [], (text) =>
    text.replaceAll(/\$\{([\w./-]+)\}/g, (whole, name: string) => standIns.get(name) ?? whole),
  ) as Mapping;
}

/** The variables in a document that nothing fills in. Scripts and long texts have variables of their own. */
export function variablesIn(document: SourceDocument): Variable[] {
  const found: Variable[] = [];
  if (kindOf(document.object) === 'ConfigMap' || isExcepted(document.object)) return found;
  mapTexts(document.object, [], (text, path) => {
    if (!text.includes('\n') && !path.includes('command') && !path.includes('args'))
      for (const [, name = ''] of text.matchAll(VARIABLE)) found.push({ name, path });
    return text;
  });
  return found;
}

function isExcepted(object: Mapping): boolean {
  return ['labels', 'annotations'].some((field) => textAt(object, 'metadata', field, DISABLED) === 'disabled');
}

function mapTexts(node: unknown, path: Path, change: (text: string, path: Path) => string): unknown {
  if (typeof node === 'string') return change(node, path);
  if (Array.isArray(node)) return node.map((entry, index) => mapTexts(entry, [...path, index], change));
  if (!isMapping(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapTexts(value, [...path, key], change)]));
}
