import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Helm, ReleaseInput } from '../../helm/helm.ts';
import { isChanged, isReplaced, objectsOf, readersIn } from './readers.ts';
import type { Reader, Rendered } from './readers.ts';
import { isTree, leafPaths, treeWith, valueAt } from './values.ts';
import type { Tree } from './values.ts';

/** What becomes of a workload when a ConfigMap that it reads at its start alone is changed. */
export interface Reach extends Reader {
  /** The value that was changed; none, where no value of the chart changes the ConfigMap. */
  value?: string;
  /** Whether its pods are replaced by the change. */
  replaced?: boolean;
  /** Why it is not known. */
  unknown?: string;
}

type Scalar = string | number | boolean;
type Values = Readonly<Record<string, unknown>>;

/** Values that are tried for a ConfigMap at most: those that look most like it come first. */
const CANDIDATES = 12;
/** Changes that are judged for a ConfigMap: one that replaces pods may do so for a reason of its own. */
const CHANGES = 3;

/**
 * Renders a chart again with other values, and looks whether the pods that take something from a ConfigMap at their start are replaced when
 * that changes. If they are not, `helm upgrade` is green and nothing happens.
 */
export async function reachOf(
  helm: Helm,
  release: ReleaseInput,
  { defaults, version, folder }: { defaults: Tree; version: string; folder: string },
): Promise<Reach[]> {
  const before = objectsOf(await helm.template(release, version));
  const values = valuesOf(release, defaults);
  const reaches: Reach[] = [];
  for (const [map, readers] of Map.groupBy(readersIn(before), (reader) => reader.map)) {
    const text = textOf(map, before);
    const changes: { value: string; after: Rendered[] }[] = [];
    let refused = '';
    for (const value of candidatesFor(text, values)) {
      const changed = withOther(release, value, otherThan(values[value], text.values), folder);
      // A value that a schema or a template refuses tells nothing.
      const after = await helm.template(changed, version).then(objectsOf, (thrown: unknown) => {
        refused = String(thrown);
        return before;
      });
      if (isChanged(map, before, after)) changes.push({ value, after });
      if (changes.length === CHANGES) break;
    }
    reaches.push(...readers.flatMap((reader) => judged(reader, before, changes, refused)));
  }
  return reaches;
}

function judged(
  reader: Reader,
  before: readonly Rendered[],
  changes: readonly { value: string; after: Rendered[] }[],
  refused: string,
): Reach[] {
  const [first] = changes;
  if (first === undefined) return [refused === '' ? reader : { ...reader, unknown: refused.slice(0, 300) }];
  const without = changes.find(({ after }) => !isReplaced(reader, before, after));
  return [{ ...reader, value: (without ?? first).value, replaced: without === undefined }];
}

/** The chart's own values below those that the target gives, by their paths. */
function valuesOf({ files = [], set = {} }: ReleaseInput, defaults: Tree): Values {
  const given = files.map((file) => parse(readFileSync(file, 'utf8')) as unknown).filter(isTree);
  const flat = [defaults, ...given].flatMap((tree) =>
    leafPaths(tree).map((path) => [path, valueAt(tree, path)] as const),
  );
  return Object.fromEntries([...flat, ...Object.entries(set)]);
}

/** The keys and the values of a ConfigMap. */
function textOf(map: string, objects: readonly Rendered[]): { keys: readonly string[]; values: string } {
  const { data = {} } = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata?.name === map) ?? {};
  return { keys: Object.keys(data), values: Object.values(data).join('\n') };
}

/** Paths of values that may be what a ConfigMap is made of: by the name of a key in it first, then by what stands in it. */
function candidatesFor({ keys, values: text }: ReturnType<typeof textOf>, values: Values): string[] {
  const changeable = Object.keys(values).filter((path) => isScalar(values[path]) || Array.isArray(values[path]));
  const isKey = (path: string) => keys.includes(path.split('.').at(-1) ?? '');
  const stands = changeable.filter((path) => mentions(values[path], text));
  return [...new Set([...changeable.filter(isKey), ...stands])].slice(0, CANDIDATES);
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function mentions(value: unknown, text: string): boolean {
  if (isScalar(value)) return String(value).length > 1 && text.includes(String(value));
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => mentions(inner, text));
}

/** Another value that a schema would most likely take: of a list, with one other text in it. */
function otherThan(value: unknown, text: string): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (value === 'true' || value === 'false') return value === 'true' ? 'false' : 'true';
  if (typeof value === 'string') return /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}x`;
  if (typeof value !== 'object' || value === null) return value;
  const copy = structuredClone(value) as Record<string, unknown>;
  const key = Object.keys(copy).find((name) => mentions(copy[name], text));
  if (key !== undefined) copy[key] = otherThan(copy[key], text);
  return copy;
}

/** Single values win over files, so one that is given in that way is changed in that way. */
function withOther(release: ReleaseInput, path: string, value: unknown, folder: string): ReleaseInput {
  if (isScalar(value)) return { ...release, set: { ...release.set, [path]: value } };
  const file = join(folder, `${release.name}-other-values.yaml`);
  writeFileSync(file, stringify(treeWith(path, value)));
  return { ...release, files: [...(release.files ?? []), file] };
}
