import { z } from 'zod';
import type { Mistake } from '../errors.ts';
import { fieldName } from './document.ts';
import type { Document, Path } from './document.ts';
import { didYouMean, nearest } from './suggest.ts';

/** The parts of a JSON Schema that are needed to say what a field is for and which fields there are. */
interface FieldSchema {
  type?: string;
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
  return [{ what: `${quotedName(path)} ${issue.message}`, where, fix: fixFor(issue, schema) }];
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
  const shapes = (schema?.anyOf ?? []).map(shapeOf).join(', or ');
  return [
    {
      what: `${quotedName(path)} ${value === undefined ? 'is missing' : `must be ${shapes}, but is ${kindOf(value)}`}`,
      where: scope.place.place(path),
      fix: `write ${shapes}${schema?.description === undefined ? '' : ` (${schema.description})`}`,
    },
  ];
}

/** How many of the value's fields the branch has, a misspelt one counting less than a right one. */
function likeness(branch: FieldSchema, value: unknown): number {
  if (kindOf(value) !== 'a mapping') return 0;
  const known = fieldsOf(branch);
  return Object.keys(value as object)
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

/** Messages in words; those that the schema itself gives take precedence. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeInWords(issue.expected)}, but is ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, but is ${JSON.stringify(issue.input)}`;
    case 'invalid_format':
      if (issue.format === 'url') return 'must be a URL that starts with http:// or https://';
      if (issue.format === 'starts_with') return `must start with "${String(issue.prefix)}"`;
      return undefined;
    case 'too_small':
      return issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    default:
      return undefined;
  }
}

function fixFor(issue: Issue, schema: FieldSchema | undefined): string {
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    ['number', 'boolean'].includes(typeof issue.input)
  ) {
    return `put it in quotes (YAML takes it for ${kindOf(issue.input)} and may change it: 1.30 becomes 1.3)`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return didYouMean(String(issue.input), values) ?? `write ${values.join(' or ')}`;
  }
  return schema?.description === undefined ? `correct the value: it ${issue.message}` : `write: ${schema.description}`;
}

function isMissing(issue: Issue): boolean {
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : '';
}

function typeInWords(type: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return words[type] ?? type;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a number with a fraction';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'a mapping' : 'text';
}

/** `path`, or `oci and version`: the fields that a branch asks for. */
function shapeOf(branch: FieldSchema): string {
  const required = branch.required ?? [];
  return required.length === 0
    ? typeInWords(branch.type ?? 'a value')
    : required.map((name) => `"${name}:"`).join(' and ');
}

function fieldsOf(schema: FieldSchema | undefined): string[] {
  return Object.keys(schema?.properties ?? {});
}

function quotedName(path: Path): string {
  const name = fieldName(path);
  return name === '' ? 'the document' : `"${name}"`;
}

/** The schema of the value at `path`, if the path does not lead through a union. */
function schemaAt(schema: FieldSchema, path: Path): FieldSchema | undefined {
  return path.reduce<FieldSchema | undefined>((current, part) => {
    if (typeof part === 'number') return current?.items;
    const field = current?.properties?.[String(part)];
    if (field !== undefined) return field;
    return typeof current?.additionalProperties === 'object' ? current.additionalProperties : undefined;
  }, schema);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => (current as Record<PropertyKey, unknown> | undefined)?.[part], value);
}
