import type { z } from 'zod';
import { didYouMean } from './suggest.ts';

/** Messages in words; those that the schema itself gives take precedence. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
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
        : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}${unitOf(issue.origin)}`;
    default:
      return undefined;
  }
}

/** What to do about an issue, given what the schema says that the field is for. */
export function fixFor(issue: z.core.$ZodIssue, description: string | undefined): string {
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    ['number', 'boolean'].includes(typeof issue.input)
  ) {
    return `put it in quotes (YAML takes it for ${kindOf(issue.input)} and may change it: 1.30 becomes 1.3)`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const wrong = typeof issue.input === 'string' ? issue.input : '';
    return didYouMean(wrong, values) ?? `write ${values.join(' or ')}`;
  }
  return description === undefined ? 'correct the value' : `write: ${description}`;
}

/** `a list` for `array`: the name of a type for people. */
export function typeInWords(type: string): string {
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

/** What a value of the file is, in the words of `typeInWords`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'no finite number';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a number with a fraction';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'a mapping' : 'text';
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : '';
}
