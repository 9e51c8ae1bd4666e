import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { decide, decideTogether } from '../../../../helpers/verdict/decision.ts';
import { nextSteps } from '../../../../helpers/verdict/next-steps.ts';
import { rerunCommand } from '../../../../helpers/verdict/row.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import type { ItemVerdict } from '../../../../helpers/verdict/types.ts';
import { checkResult, criterion, gate, runVerdict } from '../reports/page-verdicts.ts';
import { specTitles } from './spec-titles.ts';

const complete = { complete: true };

test.describe('decision', { tag: '@static' }, () => {
  test('should accept only when every gate passes or does not apply, in a run that was not cut off', () => {
    fc.assert(
      fc.property(runVerdict, fc.boolean(), ({ standards }, whole) => {
        for (const { items } of standards) {
          const gates = items.filter(({ kind }) => kind === 'gate');
          const deciding = gates.length > 0 ? gates : items;
          const good = deciding.every(({ status }) => status === 'pass' || status === 'not-applicable');
          const shown = deciding.some(({ status }) => status === 'pass');
          const { decision, why } = decide({ items }, { complete: whole });
          expect(decision === 'accept').toBe(good && shown && whole);
          expect(decision === 'refuse').toBe(deciding.some(({ status }) => status === 'fail'));
          expect(why.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('should say what speaks against a target that is accepted', () => {
    const benchmark: ItemVerdict = { ...gate('x', 'fail'), kind: 'benchmark', number: 4, name: 'Benchmark 4' };
    const { decision, caveats } = decide(
      { items: [gate('A', 'pass'), benchmark, criterion(2, 2), criterion(5, undefined)] },
      complete,
    );
    expect(decision).toBe('accept');
    expect(caveats).toEqual([
      'Failed: Benchmark 4.',
      'Low scores: Criterion 2 (2 of 5).',
      'Without a score: Criterion 5.',
    ]);
  });

  test('should let the worst of several decide, and accept nothing on nothing', () => {
    expect(decideTogether(['accept', 'unproven', 'refuse'])).toBe('refuse');
    expect(decideTogether(['accept', 'unproven'])).toBe('unproven');
    expect(decideTogether(['accept'])).toBe('accept');
    expect(decideTogether([])).toBe('unproven');
  });
});

test.describe('next steps', { tag: '@static' }, () => {
  test('should begin with what gates need, and with failures before what is unknown', () => {
    const of = (part: string, found: 'fail' | 'inconclusive') => ({
      ...checkResult(found),
      id: `${part}.${found}`,
      experiment: part,
    });
    const steps = nextSteps([
      {
        ...criterion(1, 2),
        checks: [of('c', 'inconclusive'), of('d', 'fail')],
        missing: { level: 3, checks: ['c.inconclusive', 'd.fail'] },
      },
      { ...gate('A', 'fail'), checks: [of('a', 'inconclusive'), of('b', 'fail'), of('d', 'fail')] },
    ]);
    expect(steps.map(({ experiment, what }) => [experiment, what])).toEqual([
      ['d', 'repair'],
      ['b', 'repair'],
      ['a', 'show'],
      ['c', 'show'],
    ]);
    expect(steps[0]?.gains.map(({ item, level }) => [item.id, level])).toEqual([
      ['criterion-1', 3],
      ['gate-A', undefined],
    ]);
  });

  test('should name every check that keeps a row from passing, and none that is met', () => {
    fc.assert(
      fc.property(runVerdict, ({ standards }) => {
        for (const { items } of standards) {
          const told = nextSteps(items).flatMap(({ groups }) => groups.flatMap(({ checks }) => checks));
          expect(told.every(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')).toBe(true);
          const wanted = items.filter(({ kind }) => kind !== 'criterion').flatMap(({ checks }) => checks);
          for (const check of wanted.filter(({ verdict }) => verdict === 'fail')) expect(told).toContainEqual(check);
        }
      }),
    );
  });

  test('should try a row again by a command that finds its spec', async () => {
    const titles = specTitles();
    for (const { items } of await loadStandards()) {
      for (const item of items) {
        const pattern = /-g '(.*)'$/.exec(rerunCommand(item))?.[1]?.replaceAll(String.raw`'\''`, "'") ?? '';
        expect(titles.filter((title) => new RegExp(pattern, 'i').test(title)).length, pattern).toBeGreaterThan(0);
      }
    }
  });
});
