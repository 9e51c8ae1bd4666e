import { expect, test } from '@playwright/test';
import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import { damages } from './damages.ts';
import { damaged, flawless, type Damages } from './histories.ts';

test.describe('catalogue of checks', { tag: '@static' }, () => {
  test('should have unique ids, and a damage of each kind for every check', () => {
    const ids = catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(damages).toSorted()).toEqual(ids.toSorted());
  });

  for (const check of catalogue) {
    const judged = (damage: NonNullable<Damages['fail']> = (records) => records) => {
      const history = flawless.get(check.experiment);
      const histories = new Map(history === undefined ? [] : [[check.experiment, damaged(history, damage)]]);
      return evaluateItem({ id: 'gate', kind: 'gate', text: '', checks: [check] }, histories, { notApplicable: {} })
        .checks[0];
    };
    const { fail, alsoFail = [], inconclusive = () => [] } = damages[check.id] ?? { fail: () => [] };

    test(`should let ${check.id} pass on a flawless history, with evidence`, () => {
      expect(judged()).toMatchObject({ verdict: 'pass', seen: expect.stringMatching(/./) });
      expect(judged()?.evidence).not.toEqual([]);
    });

    if (fail !== undefined)
      test(`should let ${check.id} fail on its defect, with evidence`, () => {
        const evidence = expect.arrayContaining([expect.stringMatching(/#\d+$/)]) as string[];
        for (const damage of [fail, ...alsoFail]) expect(judged(damage)).toMatchObject({ verdict: 'fail', evidence });
      });

    test(`should leave ${check.id} inconclusive without its evidence, and say what is missing`, () => {
      expect(judged(inconclusive)).toMatchObject({
        verdict: 'inconclusive',
        seen: expect.not.stringMatching(/itself broke/),
      });
    });
  }
});
