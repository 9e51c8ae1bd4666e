import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSeq, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';

/**
 * Puts other values into fields of a YAML text; comments and layout stay. In a text of several documents, the first one that has the place
 * for a field gets it.
 * @param set values by their fields, e.g. `spec.values.servers.0.tools`; all but the last part of a field must be there.
 * @throws Error naming a field that no document has a place for.
 */
export function editYaml(text: string, set: Readonly<Record<string, unknown>>): string {
  const documents = parseAllDocuments(text) as Document[];
  for (const [field, value] of Object.entries(set)) {
    const document = documents.find((candidate) => hasPlace(candidate, field));
    if (document === undefined) throw new Error(`there is no place for ${field}`);
    document.setIn(pathOf(document, field), document.createNode(value));
  }
  return documents.map((document) => document.toString({ lineWidth: 0 })).join('');
}

/** Those of the fields that no document of the text has a place for. */
export function missingPlaces(text: string, fields: readonly string[]): string[] {
  const documents = parseAllDocuments(text) as Document[];
  return fields.filter((field) => !documents.some((document) => hasPlace(document, field)));
}

function hasPlace(document: Document, field: string): boolean {
  const path = pathOf(document, field);
  if (path.length === 1) return document.contents !== null;
  const parent = document.getIn(path.slice(0, -1), true);
  return typeof parent === 'object' && parent !== null && 'items' in parent;
}

/** A part of digits is an index where there is a list, else a name. */
function pathOf(document: Document, field: string): (string | number)[] {
  return field.split('.').reduce<(string | number)[]>((path, part) => {
    const holder = path.length === 0 ? document.contents : document.getIn(path, true);
    return [...path, isSeq(holder) && /^\d+$/.test(part) ? Number(part) : part];
  }, []);
}

/**
 * Fills `${name}` in all YAML files below a folder. Other placeholders are left as they are: Flux knows variables of the same form.
 */
export function fillPlaceholders(folder: string, texts: ReadonlyMap<string, string>): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of files) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8');
    const filled = text.replaceAll(/\$\{([^{}]*)\}/g, (whole, name: string) => texts.get(name) ?? whole);
    if (filled !== text) writeFileSync(file, filled);
  }
}
