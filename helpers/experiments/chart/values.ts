/** Values of a chart, as `values.yaml` has them. */
export type Tree = Record<string, unknown>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `image.tag`: the paths of all values. Lists and empty mappings are values themselves. */
export function leafPaths(values: Tree, prefix = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return isTree(value) && Object.keys(value).length > 0 ? leafPaths(value, path) : [path];
  });
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`. */
export function pathsTo(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** A tree that has `value` at `path` and nothing else. */
export function treeWith(path: string, value: unknown): Tree {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Tree;
}

/** The path of the first value that is a text, number or boolean: what a mapping in its place must break. */
export function firstScalar(values: Tree): string | undefined {
  return leafPaths(values).find((path) => ['string', 'number', 'boolean'].includes(typeof valueAt(values, path)));
}

export function valueAt(values: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), values);
}
