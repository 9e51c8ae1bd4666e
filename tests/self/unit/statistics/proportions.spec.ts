import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { exactInterval, fisherExact } from '../../../../helpers/statistics/proportions.ts';

const count = fc
  .integer({ min: 1, max: 3_000 })
  .chain((of) => fc.record({ of: fc.constant(of), hits: fc.integer({ min: 0, max: of }) }));

test.describe('exact interval', { tag: '@static' }, () => {
  /** Published values (Clopper and Pearson; as `binom.test` of R gives them). */
  for (const [hits, of, confidence, from, to] of [
    [0, 10, 0.95, 0, 0.308_497],
    [7, 20, 0.95, 0.153_909, 0.592_189],
    [10, 10, 0.95, 0.691_503, 1],
    [200, 2_000, 0.99, 0.083_451, 0.118_513],
  ] as const) {
    test(`should be right for ${String(hits)} of ${String(of)}`, () => {
      const interval = exactInterval({ hits, of }, confidence);
      expect(interval.from).toBeCloseTo(from, 3);
      expect(interval.to).toBeCloseTo(to, 3);
    });
  }

  test('should hold what was seen, and be wider with more confidence', () => {
    fc.assert(
      fc.property(count, ({ hits, of }) => {
        const [narrow, wide] = [exactInterval({ hits, of }, 0.95), exactInterval({ hits, of }, 0.99)];
        expect(narrow.from).toBeLessThanOrEqual(hits / of);
        expect(narrow.to).toBeGreaterThanOrEqual(hits / of);
        expect(wide.from).toBeLessThanOrEqual(narrow.from);
        expect(wide.to).toBeGreaterThanOrEqual(narrow.to);
      }),
    );
  });

  test('should find a planted 14 % where 10 % are planned, at 2,000 calls and 99 %', () => {
    const { from } = exactInterval({ hits: 280, of: 2_000 }, 0.99);
    expect(from).toBeGreaterThan(0.1);
  });
});

test.describe('exact test of two proportions', { tag: '@static' }, () => {
  /** The first is Fisher's own lady tasting tea; the others as `fisher.test` of R gives them. */
  for (const [first, second, p] of [
    [{ hits: 3, of: 4 }, { hits: 1, of: 4 }, 0.485_714],
    [{ hits: 1, of: 10 }, { hits: 11, of: 14 }, 0.002_759],
    [{ hits: 0, of: 1_500 }, { hits: 0, of: 1_500 }, 1],
  ] as const) {
    test(`should be right for ${String(first.hits)}/${String(first.of)} and ${String(second.hits)}/${String(second.of)}`, () => {
      expect(fisherExact(first, second)).toBeCloseTo(p, 5);
    });
  }

  test('should be a probability, the same whichever comes first', () => {
    fc.assert(
      fc.property(count, count, (first, second) => {
        const p = fisherExact(first, second);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact(second, first)).toBeCloseTo(p, 6);
      }),
      { numRuns: 50 },
    );
  });
});
