import { MASK, shapes } from './secret-shapes.ts';

/** A secret shorter than this is not searched for: masking every `ab` would destroy the text and hide nothing. */
const SHORTEST = 4;

/** Knows the secret values of a run and takes them out of everything that is written, and with them whatever has the shape of a secret. */
export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /** What was added, for another process that writes. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /** From now on `value` is masked, as it is and in the forms in which it travels: base64, base64url, URL-encoded, JSON-escaped. */
  add(value: string): void {
    if (value.length < SHORTEST || this.#secrets.has(value)) return;
    this.#secrets.add(value);
    const base64 = Buffer.from(value).toString('base64');
    const forms = [value, base64, base64.replace(/=+$/, ''), Buffer.from(value).toString('base64url')];
    forms.push(encodeURIComponent(value), JSON.stringify(value).slice(1, -1));
    for (const form of forms) this.#values.add(form);
    // Longest first: a secret that is part of another one must not leave that one's rest behind.
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map((form) => escapeForPattern(form)).join('|'), 'g');
  }

  /** The text without the values that were added. */
  known(text: string): string {
    return this.#pattern === undefined ? text : text.replaceAll(this.#pattern, MASK);
  }

  /** The text without secrets. */
  text(text: string): string {
    return shapes.reduce((left, { pattern, instead }) => left.replaceAll(pattern, instead), this.known(text));
  }

  /** The same for every text in a value that can be written as JSON, names of fields included. */
  value<T>(value: T): T {
    return redactDeep(value, (text) => this.text(text)) as T;
  }
}

/** `RegExp.escape`, which Node 22 does not have yet. */
function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redactDeep(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [redact(key), redactDeep(entry, redact)]));
}
