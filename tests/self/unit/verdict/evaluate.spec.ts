import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { History } from '../../../../helpers/history/history.ts';
import { SURROUNDINGS } from '../../../../helpers/verdict/disturbance.ts';
import { evaluateItem, evaluateStandard, type Histories } from '../../../../helpers/verdict/evaluate.ts';
import type { Check, Finding, Item } from '../../../../helpers/verdict/types.ts';
import standard from '../../../category-8/standard.ts';
import { damaged, flawless, without } from './histories.ts';

const contextforge = {
  name: 'contextforge',
  releases: ['gateway', 'tools'],
  kubernetesVersions: ['1.36'],
  notApplicable: {},
};

test.describe('evaluation of items', { tag: '@static' }, () => {
  test('should be not-run when none of the experiments has a history, and say which to bring', () => {
    const { status, note, checks, score } = evaluateItem(gateWith(finding('pass')), new Map());
    expect({ status, note, checks, score }).toEqual({
      status: 'not-run',
      note: 'not run; to bring: e',
      checks: [],
      score: undefined,
    });
  });

  test('should be inconclusive when one of several experiments has no history', () => {
    const item = gateWith(finding('pass'), { ...finding('pass'), id: 'other', experiment: 'absent' });
    const judged = evaluateItem(item, ended());
    expect(judged.status).toBe('inconclusive');
    expect(judged.checks[1]?.seen).toContain('absent has no history');
  });

  test('should be inconclusive when the history was cut off or its experiment aborted, whatever the check says', () => {
    const begin = { type: 'begin', at: 0, experiment: 'e', target: 't', run: 'r' } as const;
    const cut = evaluateItem(gateWith(finding('pass')), new Map([['e', new History([begin])]]));
    expect(cut).toMatchObject({
      status: 'inconclusive',
      checks: [{ seen: expect.stringContaining('did not end') }],
    });
    const end = { type: 'end', at: 1, status: 'aborted', error: 'no space left' } as const;
    const aborted = evaluateItem(gateWith(finding('pass')), new Map([['e', new History([begin, end])]]));
    expect(aborted).toMatchObject({ status: 'inconclusive', note: expect.stringContaining('no space left') });
  });

  test('should take a check that throws for a fault of the suite', () => {
    const broken = {
      ...finding('pass'),
      evaluate: () => {
        throw new Error('undefined is not a function');
      },
    };
    expect(evaluateItem(gateWith(broken), ended())).toMatchObject({
      status: 'inconclusive',
      checks: [{ seen: 'the check itself broke: undefined is not a function' }],
    });
  });

  test('should not believe a pass that has no evidence', () => {
    const empty = { ...finding('pass'), evaluate: (): Finding => ({ verdict: 'pass', seen: '0 of 0', evidence: [] }) };
    expect(evaluateItem(gateWith(empty), ended()).status).toBe('inconclusive');
  });

  test('should let a written reason override what was found, and tell the reason', () => {
    const target = { notApplicable: { c: 'The vendor ships no README by contract.' } };
    expect(evaluateItem(gateWith(finding('fail')), ended(), target)).toMatchObject({
      status: 'not-applicable',
      note: expect.stringContaining('ships no README'),
    });
    const level = { title: 'Done', reason: 'for this test', checks: [finding('fail')] };
    const item: Item = {
      id: 'criterion-9',
      kind: 'criterion',
      number: 9,
      text: '',
      levels: { 1: level, 2: { ...level, checks: [{ ...finding('pass'), id: 'd' }] } },
    };
    expect(evaluateItem(item, ended(), target)).toMatchObject({
      score: 2,
      note: expect.stringContaining('Nothing of level 1 applies'),
    });
  });

  test('should give a flawless trial full marks and leave the rest not run', () => {
    const { items } = evaluateStandard(standard, flawless, contextforge);
    const tried = items.filter(({ status }) => status !== 'not-run');
    expect(tried.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['criterion-1', 'benchmark-1', 'benchmark-4', 'gate-helm-deployment']),
    );
    // No row is half judged: every experiment that is asked for a row has a flawless history, or none has.
    expect(tried.filter(({ status }) => status !== 'pass').map(({ id, note }) => `${id}: ${note}`)).toEqual([]);
    expect(new Set(tried.filter(({ kind }) => kind === 'criterion').map(({ score }) => score))).toEqual(new Set([5]));
  });

  test('should never make anything better by losing records', () => {
    const marks = (histories: Histories) => evaluateStandard(standard, histories, contextforge).items;
    const best = marks(flawless);
    fc.assert(
      fc.property(
        fc.constantFrom(...flawless.keys()),
        fc.array(fc.nat({ max: 60 }), { maxLength: 20 }),
        (experiment, lost) => {
          const history = flawless.get(experiment) ?? new History([]);
          const gone = new Set(lost.map((index) => history.records[index]));
          const less = damaged(
            history,
            without((record) => [...gone].some((other) => JSON.stringify(other) === JSON.stringify(record))),
          );
          for (const [index, item] of marks(new Map([...flawless, [experiment, less]])).entries()) {
            expect(item.score ?? 0).toBeLessThanOrEqual(best[index]?.score ?? 0);
            expect(best[index]?.status === 'not-run' && item.status === 'pass').toBe(false);
          }
        },
      ),
    );
  });

  test('should never judge anything while something else than the target was in trouble', () => {
    const trouble = { type: 'fact', at: 1, key: SURROUNDINGS, value: ['the API server was away'] } as const;
    const disturbed = new Map([...flawless].map(([id, history]) => [id, new History([...history.records, trouble])]));
    const { items } = evaluateStandard(standard, disturbed, contextforge);
    const checks = items.flatMap((item) => item.checks);
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(checks.filter(({ seen }) => !/the API server was away|has no history/.test(seen))).toEqual([]);
  });

  test('should never pass anything on an empty history that ended well', () => {
    const empty = new Map(
      [...flawless.keys()].map((id) => [
        id,
        damaged(
          flawless.get(id) ?? new History([]),
          without(({ type }) => type !== 'begin' && type !== 'end'),
        ),
      ]),
    );
    const verdicts = evaluateStandard(standard, empty, contextforge).items.flatMap(({ checks }) =>
      checks.map(({ verdict }) => verdict),
    );
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  });
});

function finding(verdict: Finding['verdict']): Check {
  return {
    id: 'c',
    title: 'It holds',
    expected: 'it',
    experiment: 'e',
    evaluate: () => ({ verdict, seen: 'it', evidence: ['e#1'] }),
  };
}

function gateWith(...checks: Check[]): Item {
  return { id: 'gate-any', kind: 'gate', name: 'Any', text: 'Anything', checks };
}

function ended(): Histories {
  return new Map([
    [
      'e',
      new History([
        { type: 'begin', at: 0, experiment: 'e', target: 't', run: 'r' },
        { type: 'end', at: 1, status: 'completed' },
      ]),
    ],
  ]);
}
