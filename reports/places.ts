import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readDocument } from '../helpers/config/document.ts';
import type { Document, Path } from '../helpers/config/document.ts';
import type { CheckResult } from '../helpers/verdict/types.ts';
import type { Place, PlaceOf } from './github/annotations.ts';

/** A file that a finding names, with its line: `gitops/gateway.yaml:29`, `templates/deployment.yaml:12:4`. */
const NAMED = /(?<file>(?:[\w@.-]+\/)*[\w@.-]+\.(?:ya?ml|json|tpl|md|csv|txt|ts|sh))(?::(?<line>\d+))?(?![\w/])/g;

/** A key of values: `autoscaling.maxReplicas`. */
const KEY = /(?<![\w./-])[a-z]\w*(?:\.[A-Za-z]\w*)+(?![\w/-])/g;

/** Letters of a finding that are searched: what stands first is told first. */
const SEARCHED = 2000;

/** Which field of `target.yaml` a check is about; the first that fits. `$1` is what the first group of the pattern holds. */
const fields: readonly (readonly [pattern: RegExp, ...path: string[]])[] = [
  [/^config\.(?:two-in-a-row|while-rolling)\./, 'changes'],
  [/^config\.(?:helm-rollback|api-rollback)\./, 'changes'],
  [/^config\.invalid/, 'changes', 'invalid'],
  [/^config\.([\w-]+)\./, 'changes', '$1'],
  [/^upgrade\.(bad-image|failing-migration|never-ready)\./, 'upgrade', 'failures', '$1'],
  [/^upgrade\.document\./, 'docs', 'upgrade'],
  [/^upgrade\./, 'upgrade'],
  [/^chart\.describes-(upgrade|rollback|uninstall)$/, 'docs', '$1'],
  [/^chart\.readme/, 'docs', 'readme'],
  [/^chart\./, 'releases'],
  [/^first-call\./, 'mcp', 'toolCall'],
  [/^worker\./, 'worker'],
  [/^runbooks\./, 'docs', 'runbooks'],
  [/^(?:support|escalation)\./, 'support'],
  [/^architecture\./, 'architecture'],
  [/^gitops-live\.(gateway|server|policy)-by-commit$/, 'gitops', 'changes', '$1'],
  [/^gitops/, 'gitops'],
  [/^health\./, 'serving', 'paths', 'health'],
  [/^strategy\./, 'strategy'],
  [/^rollback\./, 'rollback'],
];

/**
 * Where the cause of a finding stands in the files of the target, as far as it can be told: the file and line that the finding names, the
 * key of the chart's values that it names, else the field of `target.yaml` that the check is about; at last `fallback`, the spec.
 * @param target folder or file of the target; only what lies in `repository` has a place.
 */
export function placesIn(
  target: string | undefined,
  { repository, fallback }: { repository: string; fallback: (standard: string, item: string) => Place | undefined },
): PlaceOf {
  const declared = target === undefined ? undefined : read(targetFile(resolve(target)));
  const charts = declared === undefined ? [] : chartsOf(declared);
  return (check, item, standard) => {
    const found =
      declared === undefined
        ? undefined
        : (namedFile(check, [dirname(declared.file), ...charts], repository) ??
          namedKey(check, charts) ??
          fieldOf(check, declared));
    const place = found === undefined ? undefined : within(repository, found);
    return place ?? fallback(standard, item.id);
  };
}

function namedFile({ seen }: CheckResult, folders: readonly string[], repository: string): Place | undefined {
  for (const { groups = {} } of seen.slice(0, SEARCHED).matchAll(NAMED)) {
    const { file = '', line } = groups;
    // Helm names a template by its chart: `gateway/templates/deployment.yaml`.
    const candidates = folders.flatMap((folder) => [join(folder, file), join(dirname(folder), file)]);
    const found = candidates.find((path) => isFileIn(repository, path));
    if (found !== undefined) return { file: found, line: lineIn(found, line) };
  }
  return undefined;
}

/** Only for checks that compare with a chart's values: elsewhere a word with a dot is no key. */
function namedKey({ id, seen }: CheckResult, charts: readonly string[]): Place | undefined {
  if (!/^chart\.(?:schema|readme)/.test(id)) return undefined;
  for (const [key] of seen.slice(0, SEARCHED).matchAll(KEY)) {
    for (const chart of charts) {
      const values = read(join(chart, 'values.yaml'));
      const path = key.split('.');
      if (values !== undefined && holds(values.value, path)) {
        return { file: values.file, line: lineOf(values.place(path)) };
      }
    }
  }
  return undefined;
}

function fieldOf({ id }: CheckResult, declared: Document): Place {
  for (const [pattern, ...path] of fields) {
    const match = pattern.exec(id);
    if (match === null) continue;
    const wanted = path.map((part) => (part === '$1' ? (match[1] ?? '') : part));
    return { file: declared.file, line: lineOf(placeOfField(declared, wanted)) };
  }
  return { file: declared.file, line: 1 };
}

/** The line of the field's name, not of what is below it; of its nearest parent when it is missing. */
function placeOfField(document: Document, path: Path): string {
  const known = path.findLastIndex((_, index) => holds(document.value, path.slice(0, index + 1)));
  if (known === -1) return document.place([]);
  return document.placeOfKey(path.slice(0, known), String(path[known]));
}

function holds(value: unknown, path: Path): boolean {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return true;
}

/** Folders of the charts that lie beside the target. */
function chartsOf({ file, value }: Document): string[] {
  const { releases } = value as { releases?: unknown };
  if (!Array.isArray(releases)) return [];
  return releases.flatMap((release: { chart?: { path?: unknown } } | null) => {
    const path = release?.chart?.path;
    return typeof path === 'string' ? [join(dirname(file), path)] : [];
  });
}

function targetFile(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'target.yaml') : path;
}

/** A file that cannot be read has no lines to point at; that it cannot is told elsewhere. */
function read(file: string): Document | undefined {
  try {
    const document = readDocument(file);
    return typeof document.value === 'object' && document.value !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

function isFileIn(folder: string, path: string): boolean {
  return within(folder, { file: path, line: 1 }) !== undefined && existsSync(path) && statSync(path).isFile();
}

/** Relative to the repository, as GitHub wants it; undefined for what lies elsewhere. */
function within(repository: string, { file, line }: Place): Place | undefined {
  const path = relative(repository, file);
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return { file: path.replaceAll(sep, '/'), line };
}

/** A finding may be about an older state of the file: a line that it no longer has is none. */
function lineIn(file: string, line: string | undefined): number {
  const wanted = Number(line ?? 1);
  return wanted >= 1 && wanted <= readFileSync(file, 'utf8').split('\n').length ? wanted : 1;
}

/** `target.yaml:12 releases` stands in line 12. */
function lineOf(place: string): number {
  return Number(/:(\d+)(?: |$)/.exec(place)?.[1] ?? 1);
}
