import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { diffVerdicts, gotWorse } from '../../../../helpers/verdict/diff.ts';
import type { Change } from '../../../../helpers/verdict/diff.ts';
import type { Verdict } from '../../../../helpers/verdict/types.ts';
import { diffText } from '../../../../reports/diff-text.ts';
import { criterion, gate, runVerdict, singleVerdict } from '../reports/page-verdicts.ts';

const table: [was: Verdict | 'not-run', is: Verdict | 'not-run', change: Change | undefined][] = [
  ['pass', 'pass', undefined],
  ['pass', 'fail', 'worse'],
  ['pass', 'inconclusive', 'worse'],
  ['pass', 'not-applicable', 'other'],
  ['pass', 'not-run', 'gone'],
  ['fail', 'pass', 'better'],
  // Nobody knows whether it is better.
  ['fail', 'inconclusive', 'other'],
  ['fail', 'not-applicable', 'other'],
  ['fail', 'not-run', 'gone'],
  ['inconclusive', 'pass', 'better'],
  ['inconclusive', 'fail', 'worse'],
  ['not-applicable', 'pass', 'other'],
  ['not-applicable', 'fail', 'worse'],
  ['not-run', 'pass', 'new'],
  ['not-run', 'fail', 'new'],
];

test.describe('diff of two runs', { tag: '@static' }, () => {
  for (const [was, is, change] of table) {
    test(`should call ${was} to ${is} ${change ?? 'unchanged'}, for rows and for checks`, () => {
      const [diff] = diffVerdicts(singleVerdict([gate('A', was)]), singleVerdict([gate('A', is)])).standards;
      expect(diff?.rows.map((row) => row.change)).toEqual(change === undefined ? [] : [change]);
      expect(diff?.checks.map((check) => check.change)).toEqual(change === undefined ? [] : [change]);
    });
  }

  test('should go by the score where there is one', () => {
    const change = (was: Parameters<typeof criterion>[1], is: Parameters<typeof criterion>[1]) =>
      diffVerdicts(singleVerdict([criterion(1, was)]), singleVerdict([criterion(1, is)])).standards[0]?.rows[0]?.change;
    expect([change(2, 3), change(3, 2), change(3, 3), change(undefined, 3), change(3, undefined)]).toEqual([
      'better',
      'worse',
      undefined,
      'new',
      'gone',
    ]);
  });

  test('should find a run worse when something got worse, or when what had passed was not tried again', () => {
    const worse = (was: Verdict | 'not-run', is: Verdict | 'not-run') =>
      gotWorse(diffVerdicts(singleVerdict([gate('A', was)]), singleVerdict([gate('A', is)])));
    expect([worse('pass', 'fail'), worse('pass', 'not-run'), worse('fail', 'not-run'), worse('fail', 'pass')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('should tell a target or standard that only one of the runs tried', () => {
    const verdict = singleVerdict([gate('A', 'pass')]);
    const other = { ...verdict, standards: verdict.standards.map((one) => ({ ...one, target: 'another' })) };
    const { standards } = diffVerdicts(verdict, other);
    expect(standards.map(({ target, checks }) => [target, checks[0]?.change])).toEqual([
      ['another', 'new'],
      ['thing', 'gone'],
    ]);
  });

  test('should find no difference between a run and itself', () => {
    fc.assert(
      fc.property(runVerdict, (verdict) => {
        const diff = diffVerdicts(verdict, structuredClone(verdict));
        expect(diff.standards.flatMap(({ rows, checks }) => [...rows, ...checks])).toEqual([]);
        expect(gotWorse(diff)).toBe(false);
      }),
    );
  });

  test('should find better in one direction what is worse in the other, but for what lost or gained its proof', () => {
    fc.assert(
      fc.property(fc.constantFrom(...table), ([was, is]) => {
        const of = (a: typeof was, b: typeof was) =>
          diffVerdicts(singleVerdict([gate('A', a)]), singleVerdict([gate('A', b)])).standards[0]?.checks[0]?.change;
        expect([of(was, is), of(is, was)]).not.toEqual(['better', 'better']);
        expect(of(was, is) === 'new').toBe(of(is, was) === 'gone');
      }),
    );
  });

  test('should tell with what was seen before and now, and with which evidence', () => {
    const said = diffText(
      diffVerdicts(singleVerdict([gate('A', 'pass')], 'a'), singleVerdict([gate('A', 'fail')], 'b')),
    );
    expect(said).toContain('From run a to run b');
    expect(said).toContain('A: pass → fail');
    expect(said).toContain('before pass: 0 calls were pass (part-0#1)');
    expect(said).toContain('now    fail: 0 calls were fail (part-0#1)');
    expect(said).toContain('checks: 1 worse, 0 unchanged');
  });

  test('should send no codes to the terminal, whatever the names are', () => {
    fc.assert(
      fc.property(runVerdict, runVerdict, (before, after) => {
        expect(diffText(diffVerdicts(before, after)).replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f]/,
        );
      }),
    );
  });
});
