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
  return schema === undefined ? [] : namedPaths([schema], schema, '', 0);
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

function namedPaths(schemas: Tree[], root: Tree, prefix: string, depth: number): string[] {
  if (depth > DEEPEST) return [];
  return [...shapeOf(schemas, root).properties].flatMap(([key, described]) => [
    prefix + key,
    ...namedPaths(described, root, `${prefix}${key}.`, depth + 1),
  ]);
}

/** The properties that any of the schemas describes, and whether others may have any name. */
function shapeOf(schemas: Tree[], root: Tree): { properties: Map<string, Tree[]>; isFree: boolean } {
  const parts = schemas.flatMap((schema) => partsOf(schema, root, 0));
  const properties = new Map<string, Tree[]>();
  for (const { properties: named } of parts) {
    if (!isTree(named)) continue;
    for (const [key, schema] of Object.entries(named)) {
      if (isTree(schema)) properties.set(key, [...(properties.get(key) ?? []), schema]);
    }
  }
  return { properties, isFree: parts.every(({ additionalProperties }) => additionalProperties !== false) };
}

/** The schema itself, what it refers to, and what it is put together from. */
function partsOf(schema: Tree, root: Tree, depth: number): Tree[] {
  if (depth > DEEPEST) return [];
  const { $ref } = schema;
  const combined = ['allOf', 'anyOf', 'oneOf'].flatMap((key): unknown[] => {
    const parts: unknown = schema[key];
    return Array.isArray(parts) ? parts : [];
  });
  const conditional = [schema.then, schema.else];
  const referred = typeof $ref === 'string' ? [refer($ref, root)] : [];
  return [
    schema,
    ...[...referred, ...combined, ...conditional].filter(isTree).flatMap((part) => partsOf(part, root, depth + 1)),
  ];
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
