import type { TensorValue } from '../target/model/samples.ts';

/**
 * What an answer says otherwise than expected, one text a field; fields that nothing is expected of may hold anything.
 * @param tolerance how far a number may be off, absolutely.
 */
export function differences(
  expected: Readonly<Record<string, TensorValue>>,
  answer: Readonly<Record<string, unknown>>,
  tolerance: number,
): string[] {
  return Object.entries(expected).flatMap(([field, value]) =>
    equal(value, answer[field], tolerance)
      ? []
      : [
          `${field} is ${field in answer ? JSON.stringify(answer[field]) : 'missing'} instead of ${JSON.stringify(value)}`,
        ],
  );
}

function equal(expected: TensorValue, seen: unknown, tolerance: number): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(seen) &&
      seen.length === expected.length &&
      expected.every((value, index) => equal(value, seen[index], tolerance))
    );
  }
  if (typeof expected === 'number') return typeof seen === 'number' && Math.abs(seen - expected) <= tolerance;
  return seen === expected;
}
