import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError } from '@playwright/test/reporter';
import { isOfCheck } from '../live/lines.ts';

/**
 * What went wrong in the tests of a shard otherwise than by checks, a line each. Checks are judged anew when the shards are merged, and what
 * has not run is missed there; this alone would be lost.
 */
export function troublesOf(tests: readonly Pick<TestCase, 'title' | 'outcome' | 'results'>[]): string[] {
  return tests
    .filter((test) => test.outcome() !== 'expected')
    .flatMap(({ title, results }) =>
      results.flatMap(({ errors }) => errors.filter((error) => !isOfCheck(error)).map((error) => lineOf(title, error))),
    );
}

function lineOf(title: string, { message, value }: TestError): string {
  const [first = ''] = stripVTControlCharacters(message ?? value ?? 'an error without a message').split('\n');
  return `${title}: ${first}`;
}
