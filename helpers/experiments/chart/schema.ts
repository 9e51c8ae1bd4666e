import { isTree } from './values.ts';
import type { Tree } from './values.ts';

/** Helm puts this into the values of every chart that has dependencies. */
const BY_HELM = ['global'];

/** What `values.yaml` has and the schema does not describe, and the other way round. */
export interface SchemaMatch {
  hasSchema: boolean;
  valuesWithoutSchema: string[];
  schemaWithoutValues: string[];
}

/** Compares the values of a chart with its `values.schema.json`; `schema` is undefined when the chart has none. */
export function matchSchema(values: Tree, schema: Tree | undefined): SchemaMatch {
  if (schema === undefined) return { hasSchema: false, valuesWithoutSchema: [], schemaWithoutValues: [] };
  return {
    hasSchema: true,
    valuesWithoutSchema: undescribed(values, [schema], schema, ''),
    schemaWithoutValues: unused(values, [schema], schema, ''),
  };
}

/** Every path that the schema names, with or without a value. */
export function describedPaths(schema: Tree | undefined): string[] {
  return schema === undefined ? [] : namedPaths(schema);
}

function undescribed(values: Tree, schemas: Tree[], root: Tree, prefix: string): string[] {
  const { properties, isFree } = shapeOf(schemas, root);
  return Object.entries(values).flatMap(([key, value]) => {
    const path = prefix + key;
    const described = properties.get(key);
    if (described === undefined) return isFree && properties.size === 0 && prefix !== '' ? [] : [path];
    return isTree(value) ? undescribed(value, described, root, `${path}.`) : [];
  });
}

function unused(values: Tree, schemas: Tree[], root: Tree, prefix: string): string[] {
  return [...shapeOf(schemas, root).properties].flatMap(([key, described]) => {
    if (prefix === '' && BY_HELM.includes(key)) return [];
    const path = prefix + key;
    if (!Object.hasOwn(values, key)) return [path];
    const value = values[key];
    // An empty mapping is a value whose parts are all optional.
    return isTree(value) && Object.keys(value).length > 0 ? unused(value, described, root, `${path}.`) : [];
  });
}

/** Deeper than any values file; ends schemas that refer to themselves. */
const DEEPEST = 12;

/** More paths than any chart has; ends schemas whose parts refer to all of it. */
const MOST_PATHS = 20_000;

/** Level by level, so that what lies deepest is left out where a schema never ends. */
function namedPaths(root: Tree): string[] {
  const paths: string[] = [];
  let level: { prefix: string; schemas: Tree[] }[] = [{ prefix: '', schemas: [root] }];
  for (let depth = 0; depth <= DEEPEST && paths.length < MOST_PATHS; depth++) {
    const next: typeof level = [];
    for (const { prefix, schemas } of level) {
      if (paths.length >= MOST_PATHS) break;
      for (const [key, described] of shapeOf(schemas, root).properties) {
        paths.push(prefix + key);
        next.push({ prefix: `${prefix}${key}.`, schemas: described });
      }
    }
    level = next;
  }
  return paths;
}

/** The properties that any of the schemas describes, and whether others may have any name. */
function shapeOf(schemas: Tree[], root: Tree): { properties: Map<string, Tree[]>; isFree: boolean } {
  const parts = partsOf(schemas, root);
  const properties = new Map<string, Tree[]>();
  for (const { properties: named } of parts) {
    if (!isTree(named)) continue;
    for (const [key, schema] of Object.entries(named)) {
      if (isTree(schema)) properties.set(key, [...(properties.get(key) ?? []), schema]);
    }
  }
  return { properties, isFree: parts.every(({ additionalProperties }) => additionalProperties !== false) };
}

/** The schemas themselves, what they refer to, and what they are put together from; each once, however often it is referred to. */
function partsOf(schemas: readonly Tree[], root: Tree): Tree[] {
  const parts = new Set(schemas);
  // What is added while it goes on is visited too.
  for (const { $ref, then, else: otherwise, ...schema } of parts) {
    const combined = ['allOf', 'anyOf', 'oneOf'].flatMap((key): unknown[] => {
      const own: unknown = schema[key];
      return Array.isArray(own) ? own : [];
    });
    const referred = typeof $ref === 'string' ? [refer($ref, root)] : [];
    for (const part of [...referred, ...combined, then, otherwise].filter(isTree)) parts.add(part);
  }
  return [...parts];
}

/** What a local reference (`#/$defs/probe`) points at; others cannot be followed without a network. */
function refer(reference: string, root: Tree): unknown {
  if (!reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), root);
}
