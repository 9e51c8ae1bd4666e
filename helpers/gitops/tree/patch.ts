import { isMapping, parseText } from './document.ts';
import type { Mapping, SourceDocument } from './document.ts';
import { groupOf, kindOf, nameOf, namespaceOf } from './objects.ts';

/** A patch of a kustomization, as it is written there. */
export interface Patch {
  text: string;
  /** Which objects it is for; without it the patch itself names one. */
  target?: Mapping;
}

/** What came of a patch: how many objects it changed, or why it was left out. */
export type Patched = { changed: number } | { notApplied: string };

/** Applies a patch to the documents that it is for, in place: a merge patch, or JSON Patch (add, replace and remove). */
export function applyPatch(documents: SourceDocument[], { text, target }: Patch): Patched {
  const operations = operationsIn(text);
  if (operations !== undefined) {
    if (target === undefined) return { notApplied: 'is a list of operations without a target' };
    if (operations.some(({ op }) => !['add', 'replace', 'remove'].includes(String(op))))
      return { notApplied: 'has operations other than add, replace and remove' };
    const chosen = documents.filter(({ object }) => isTarget(object, target));
    for (const document of chosen) {
      for (const operation of operations) document.object = operate(document.object, operation) as Mapping;
    }
    return { changed: chosen.length };
  }
  const patch = parseText(text, 'patch').documents[0]?.object;
  if (patch === undefined) return { notApplied: 'is neither a mapping nor a list' };
  const chosen = documents.filter(({ object }) =>
    target === undefined ? isSame(object, patch) : isTarget(object, target),
  );
  for (const document of chosen) document.object = merge(document.object, patch, isBuiltIn(document.object)) as Mapping;
  return { changed: chosen.length };
}

/** The operations of a JSON Patch; undefined when the text is none. */
function operationsIn(text: string): Mapping[] | undefined {
  if (!/^\s*[-[]/.test(text) || /^\s*---/.test(text)) return undefined;
  const [wrapped] = parseText(`operations:\n${text.replaceAll(/^/gm, '  ')}`, 'patch').documents;
  const operations: unknown = wrapped?.object.operations;
  return Array.isArray(operations) && operations.every(isMapping) ? operations : undefined;
}

function isTarget(object: Mapping, target: Mapping): boolean {
  const matches = (pattern: unknown, value: string | undefined) =>
    typeof pattern !== 'string' || pattern === '' || fits(pattern, value ?? '');
  const labels = isMapping(object.metadata) && isMapping(object.metadata.labels) ? object.metadata.labels : {};
  const selector = typeof target.labelSelector === 'string' ? target.labelSelector.split(',') : [];
  return (
    matches(target.kind, kindOf(object)) &&
    matches(target.name, nameOf(object)) &&
    matches(target.namespace, namespaceOf(object)) &&
    matches(target.group, groupOf(object)) &&
    selector.every((term) => {
      const [key = '', value] = term.split('=');
      return value !== undefined && labels[key] === value;
    })
  );
}

/**
 * Names may be patterns: `.` is any character and `.*` any text; nothing else of a regular expression is looked at. None is made of it
 * either: a few `.*` in a row would keep one busy for years.
 */
function fits(pattern: string, value: string): boolean {
  const [first = '', ...rest] = pattern.split('.*');
  const last = rest.pop();
  if (last === undefined) return first.length === value.length && standsAt(first, value, 0);
  if (!standsAt(first, value, 0)) return false;
  let position = first.length;
  for (const part of rest) {
    while (position + part.length < value.length && !standsAt(part, value, position)) position++;
    if (!standsAt(part, value, position)) return false;
    position += part.length;
  }
  const end = value.length - last.length;
  return end >= position && standsAt(last, value, end);
}

function standsAt(part: string, value: string, position: number): boolean {
  if (position + part.length > value.length) return false;
  for (let index = 0; index < part.length; index++)
    if (part[index] !== '.' && part[index] !== value[position + index]) return false;
  return true;
}

function isSame(object: Mapping, patch: Mapping): boolean {
  return kindOf(object) === kindOf(patch) && nameOf(object) === nameOf(patch) && groupOf(object) === groupOf(patch);
}

function isBuiltIn(object: Mapping): boolean {
  const group = groupOf(object);
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** Null removes. Lists of named entries (containers, ports) are merged by name in Kubernetes' own kinds, and replaced everywhere else. */
export function merge(base: unknown, patch: unknown, byName: boolean): unknown {
  if (Array.isArray(base) && Array.isArray(patch) && byName && base.every(hasName) && patch.every(hasName)) {
    const entries = new Map<unknown, unknown>(base.map((entry: Mapping) => [entry.name, entry]));
    for (const entry of patch as Mapping[]) entries.set(entry.name, merge(entries.get(entry.name), entry, byName));
    return [...entries.values()];
  }
  if (!isMapping(patch)) return patch;
  const merged: Mapping = isMapping(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(merged[key], value, byName);
  }
  return merged;
}

function hasName(entry: unknown): boolean {
  return isMapping(entry) && typeof entry.name === 'string';
}

function operate(object: unknown, { op, path, value }: Mapping): unknown {
  const keys = String(path)
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return change(object, keys, op === 'remove' ? undefined : value, op === 'add');
}

function change(node: unknown, [key, ...rest]: string[], value: unknown, insert: boolean): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const list = [...(node as unknown[])];
    const index = key === '-' ? list.length : Number(key);
    if (rest.length > 0) list[index] = change(list[index], rest, value, insert);
    else list.splice(index, insert ? 0 : 1, ...(value === undefined ? [] : [value]));
    return list;
  }
  const mapping: Mapping = isMapping(node) ? { ...node } : {};
  const changed = change(mapping[key], rest, value, insert);
  if (changed === undefined) Reflect.deleteProperty(mapping, key);
  else mapping[key] = changed;
  return mapping;
}
