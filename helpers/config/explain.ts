import { z } from 'zod';
import type { Mistake } from '../errors.ts';
import { fieldName } from './document.ts';
import type { Document, Path } from './document.ts';
import { didYouMean, nearest } from './suggest.ts';
import { fixFor, inWords, kindOf, typeInWords } from './words.ts';

/** The parts of a JSON Schema that are needed to say what a field is for and which fields there are. */
interface FieldSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, FieldSchema>;
  required?: string[];
  items?: FieldSchema;
  additionalProperties?: FieldSchema | boolean;
  anyOf?: FieldSchema[];
}

type Issue = z.core.$ZodIssue;
type Place = Pick<Document, 'place' | 'placeOfKey'>;

/**
 * Validates `document` and explains every mistake: where it stands, what is wrong, what to write instead.
 * Returns the parsed value, or the mistakes when there are any.
 */
export function parseDeclaration<T>(
  schema: z.ZodType<T>,
  document: Place & { value: unknown },
): { value: T } | { mistakes: [Mistake, ...Mistake[]] } {
  const result = schema.safeParse(document.value, { error: inWords, reportInput: true });
  if (result.success) return { value: result.data };
  const root = z.toJSONSchema(schema, { io: 'input' }) as FieldSchema;
  const [first, ...rest] = explainAll(result.error.issues, {
    place: document,
    schema: root,
    value: document.value,
    base: [],
  });
  // An error without an issue does not exist in zod; the types do not know that.
  if (!first) throw result.error;
  return { mistakes: [first, ...rest] };
}

interface Scope {
  place: Place;
  /** Schema and value of the part of the document that the issues' paths start from. */
  schema: FieldSchema;
  value: unknown;
  base: Path;
}

function explainAll(issues: readonly Issue[], scope: Scope): Mistake[] {
  const misspelt = new Set(issues.flatMap((issue) => meantFields(issue, scope)));
  return issues
    .filter((issue) => !(isMissing(issue) && misspelt.has(fieldName(issue.path))))
    .flatMap((issue) => explain(issue, scope));
}

function explain(issue: Issue, scope: Scope): Mistake[] {
  const path = [...scope.base, ...issue.path];
  const schema = schemaAt(scope.schema, issue.path);
  const where = scope.place.place(path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => explainUnknown(key, path, schema, scope.place));
  if (issue.code === 'invalid_union') return explainUnion(issue, path, schema, scope);
  if (isMissing(issue)) {
    const name = String(issue.path.at(-1) ?? 'the document');
    return [
      {
        what: `"${name}" is missing`,
        where,
        fix: `add "${name}:"${schema?.description === undefined ? '' : ` (${schema.description})`}`,
      },
    ];
  }
  return [{ what: `${quotedName(path)} ${issue.message}`, where, fix: fixFor(issue, schema?.description) }];
}

function explainUnknown(key: string, path: Path, schema: FieldSchema | undefined, place: Place): Mistake {
  const known = fieldsOf(schema);
  return {
    what: `"${key}" is not a field of ${path.length === 0 ? 'this file' : quotedName(path)}`,
    where: place.placeOfKey(path, key),
    fix: didYouMean(key, known) ?? `remove it; the fields here are ${known.join(', ')}`,
  };
}

/** Explains the branch that the person most likely meant, by the names of the fields that are there; "no branch fits" helps nobody. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  schema: FieldSchema | undefined,
  scope: Scope,
): Mistake[] {
  const value = valueAt(scope.value, issue.path);
  const branches = (schema?.anyOf ?? []).map((branch, index) => ({
    branch,
    issues: issue.errors[index] ?? [],
    likeness: likeness(branch, value),
  }));
  const [best] = branches.sort((a, b) => b.likeness - a.likeness || a.issues.length - b.issues.length);
  if (best !== undefined && best.likeness > 0) {
    return explainAll(best.issues, { place: scope.place, schema: best.branch, value, base: path });
  }
  const shapes = branches.length === 0 ? typesOf(schema) : branches.map(({ branch }) => shapeOf(branch)).join(', or ');
  const seen =
    value === undefined
      ? 'is missing'
      : isMapping(value)
        ? 'has none of the fields that belong there'
        : `must not be ${kindOf(value)}`;
  const about = schema?.description === undefined ? '' : ` (${schema.description})`;
  return [{ what: `${quotedName(path)} ${seen}`, where: scope.place.place(path), fix: `write ${shapes}${about}` }];
}

/** How many of the value's fields the branch has, a misspelt one counting less than a right one. */
function likeness(branch: FieldSchema, value: unknown): number {
  if (!isMapping(value)) return 0;
  const known = fieldsOf(branch);
  return Object.keys(value)
    .map((key) => (known.includes(key) ? 1 : nearest(key, known) === undefined ? 0 : 0.5))
    .reduce<number>((sum, part) => sum + part, 0);
}

function meantFields(issue: Issue, scope: Scope): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const known = fieldsOf(schemaAt(scope.schema, issue.path));
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? [] : [fieldName([...issue.path, meant])];
  });
}

function isMissing(issue: Issue): boolean {
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
}

/** `"oci:" and "version:"`: the fields that a branch asks for. */
function shapeOf(branch: FieldSchema): string {
  const required = branch.required ?? [];
  return required.length === 0 ? typesOf(branch) : required.map((name) => `"${name}:"`).join(' and ');
}

function typesOf(schema: FieldSchema | undefined): string {
  return [schema?.type ?? 'a value'].flat().map(typeInWords).join(', or ');
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(schema: FieldSchema | undefined): string[] {
  return Object.keys(schema?.properties ?? {});
}

function quotedName(path: Path): string {
  const name = fieldName(path);
  return name === '' ? 'the document' : `"${name}"`;
}

/** The schema of the value at `path`; where the path leads through a union, that of the first branch that has the field. */
function schemaAt(schema: FieldSchema, path: Path): FieldSchema | undefined {
  return path.reduce<FieldSchema | undefined>((current, part) => current && childOf(current, part), schema);
}

function childOf(schema: FieldSchema, part: PropertyKey): FieldSchema | undefined {
  const { items, properties, additionalProperties, anyOf = [] } = schema;
  if (typeof part === 'number') return items;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return (
    properties?.[String(part)] ??
    rest ??
    anyOf.map((branch) => childOf(branch, part)).find((child) => child !== undefined)
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => (current as Record<PropertyKey, unknown> | undefined)?.[part], value);
}
