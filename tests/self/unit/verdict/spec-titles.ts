import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tests = join(import.meta.dirname, '../../..');

/** Titles of the specs of all standards, as their files have them. */
export function specTitles(): string[] {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.spec.ts') && !name.startsWith('self'),
  );
  return files.flatMap((name) => {
    const [, quote = "'", title = ''] =
      /\btest\(\s*(['"`])(.*?)\1,/s.exec(readFileSync(join(tests, name), 'utf8')) ?? [];
    return title === '' ? [] : [title.replaceAll(`\\${quote}`, quote)];
  });
}
