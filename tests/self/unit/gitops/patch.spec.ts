import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { applyPatch } from '../../../../helpers/gitops/tree/patch.ts';
import type { SourceDocument } from '../../../../helpers/gitops/tree/document.ts';

/** How many objects called `name` a patch for `pattern` is for. */
function chosen(pattern: string, name: string): boolean {
  const document: SourceDocument = {
    file: 'a.yaml',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
    lineOf: () => 1,
  };
  const result = applyPatch([document], { text: 'data: { a: b }', target: { name: pattern } });
  return 'changed' in result && result.changed === 1;
}

test.describe('patterns of names in a kustomization', { tag: '@static' }, () => {
  test('should mean what they mean as regular expressions, as far as they are understood', () => {
    const part = fc.constantFrom('a', 'b', '-', '.', '.*');
    const pattern = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const name = fc.array(fc.constantFrom('a', 'b', '-'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, name, (wanted, given) => {
        expect(chosen(wanted, given)).toBe(new RegExp(`^(?:${wanted})$`).test(given));
      }),
      { numRuns: 2000 },
    );
  });

  test('should take everything else literally, and never run away', () => {
    expect(chosen('a+', 'aa')).toBe(false);
    expect(chosen('(a+)+$', 'a'.repeat(200))).toBe(false);
    expect(chosen('.*a'.repeat(100), `${'a'.repeat(100_000)}b`)).toBe(false);
    expect(chosen('.*a'.repeat(100), 'a'.repeat(100_000))).toBe(true);
  });
});
