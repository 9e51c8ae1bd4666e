import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { History } from '../../../../helpers/history/history.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import type { Check, Item, Score, Verdict } from '../../../../helpers/verdict/types.ts';

const ended = new History([
  { type: 'begin', at: 0, experiment: 'e', target: 't', run: 'r' },
  { type: 'end', at: 1, status: 'completed' },
]);
const ran = new Map([['e', ended]]);
const nothingWaived = { notApplicable: {} };

const verdicts = fc.constantFrom<Verdict>('pass', 'fail', 'inconclusive');
/** The verdicts of the checks of levels 1 to 5; a level may have none. */
const rubrics = fc.tuple(...Array.from({ length: 5 }, () => fc.array(verdicts, { maxLength: 3 })));

test.describe('scoring by levels', { tag: '@static' }, () => {
  test('should score the highest level at which all checks of it and of those below pass', () => {
    expect(scored([['pass'], ['pass'], ['fail'], ['pass'], ['pass']])).toMatchObject({
      score: 2,
      status: 'fail',
      missing: { level: 3, checks: ['3.0'] },
    });
    expect(scored([['pass'], ['pass'], ['pass'], ['pass'], ['pass', 'pass']])).toMatchObject({
      score: 5,
      status: 'pass',
    });
    expect(scored([['pass'], ['pass'], ['pass'], ['pass'], ['pass']]).missing).toBeUndefined();
  });

  test('should score 1 and be red when not even the lowest level is met', () => {
    const all = { score: 1, missing: { level: 2, checks: ['1.0', '2.0'] } };
    expect(scored([['fail'], ['inconclusive'], [], [], []])).toMatchObject({ ...all, status: 'fail' });
    expect(scored([['inconclusive'], ['pass', 'inconclusive'], [], [], []])).toMatchObject({
      score: 1,
      missing: { level: 2, checks: ['1.0', '2.1'] },
      status: 'inconclusive',
    });
  });

  test('should give no score when nothing could be judged, and say once what to bring', () => {
    const judged = scored([['inconclusive'], ['inconclusive'], [], [], ['inconclusive']]);
    expect(judged).toMatchObject({
      status: 'inconclusive',
      note: 'No score: nothing could be judged. To bring: e: it (for 1.0, 2.0, 5.0).',
    });
    expect(judged).not.toHaveProperty('score');
    expect(judged).not.toHaveProperty('missing');
  });

  test('should cap the score at 2 while a check is inconclusive, whatever its level, and say why', () => {
    const rubric: Verdict[][] = [['pass'], ['pass'], ['pass'], ['pass'], ['pass', 'inconclusive']];
    expect(scored(rubric)).toMatchObject({
      score: 2,
      uncapped: 4,
      missing: { level: 3, checks: ['5.1'] },
      note: expect.stringMatching(
        /^Level 4\. Capped at 2 instead of 4 while a check is inconclusive.*For 3: inconclusive: 5\.1/,
      ),
    });
    expect(scored([['pass'], ['pass'], ['inconclusive', 'fail'], [], []])).toMatchObject({
      score: 2,
      missing: { level: 3, checks: ['3.0', '3.1'] },
    });
    expect(scored([['pass'], ['pass'], ['inconclusive'], [], []])).not.toHaveProperty('uncapped');
  });

  test('should cap at 2 a rubric that has no level 2', () => {
    const item = criterion([['pass'], [], ['pass'], [], ['inconclusive']]);
    if (item.kind === 'criterion') {
      delete item.levels[2];
      delete item.levels[4];
    }
    expect(evaluateItem(item, ran, nothingWaived)).toMatchObject({ score: 2, missing: { level: 3, checks: ['5.0'] } });
  });

  test('should never exceed 2 while anything is inconclusive, nor give a score without a pass or a fail', () => {
    fc.assert(
      fc.property(rubrics, (rubric) => {
        const found = rubric.flat();
        const { score } = scored(rubric);
        expect(found.includes('inconclusive') && (score ?? 0) > 2).toBe(false);
        expect(score !== undefined).toBe(found.includes('pass') || found.includes('fail'));
      }),
    );
  });

  test('should not award a level that has no check', () => {
    expect(scored([['pass'], [], ['pass'], ['pass'], ['pass']])).toMatchObject({
      score: 1,
      missing: { level: 2, checks: [] },
    });
  });

  test('should skip levels that the rubric does not have', () => {
    const item = criterion([['pass'], [], ['pass'], [], ['fail']]);
    if (item.kind === 'criterion') {
      delete item.levels[2];
      delete item.levels[4];
    }
    expect(evaluateItem(item, ran, nothingWaived)).toMatchObject({ score: 3, missing: { level: 5, checks: ['5.0'] } });
  });

  test('should never lower a score when a verdict gets better', () => {
    fc.assert(
      fc.property(rubrics, fc.nat(), fc.nat(), (rubric, level, index) => {
        const before = scored(rubric).score ?? 0;
        const better = rubric.map((row, at) =>
          at === level % 5 ? row.map((old, i) => (i === index % row.length ? 'pass' : old)) : row,
        );
        expect(scored(better).score ?? 0).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('should award no level above an unmet one, and name everything that is missing', () => {
    fc.assert(
      fc.property(rubrics, (rubric) => {
        const { score, missing } = scored(rubric);
        if (score === undefined) return;
        const lowest = rubric.findIndex((row) => row.length === 0 || row.some((verdict) => verdict !== 'pass'));
        const reached = Math.max(1, lowest === -1 ? 5 : lowest);
        expect(score).toBe(rubric.flat().includes('inconclusive') ? Math.min(reached, 2) : reached);
        // Beyond the cap, whatever is inconclusive stands in the way, on any level.
        const unmet = rubric.flatMap((row, at) =>
          row.filter(
            (verdict) => (verdict !== 'pass' && at + 1 <= score + 1) || (verdict === 'inconclusive' && score + 1 > 2),
          ),
        );
        expect(missing?.checks ?? []).toHaveLength(unmet.length);
      }),
    );
  });

  test('should pass a gate only if every check passes, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(verdicts, { minLength: 1 }), (row) => {
        const { status } = evaluateItem(
          { id: 'g', kind: 'gate', text: '', checks: row.map((v, i) => checkThat(`g.${String(i)}`, v)) },
          ran,
          nothingWaived,
        );
        expect(status).toBe(row.includes('fail') ? 'fail' : row.includes('inconclusive') ? 'inconclusive' : 'pass');
      }),
    );
  });
});

function scored(rubric: Verdict[][]) {
  return evaluateItem(criterion(rubric), ran, nothingWaived);
}

function criterion(rubric: readonly (readonly Verdict[])[]): Item {
  const levels = rubric.map((row, index) => {
    const level = (index + 1) as Score;
    const checks = row.map((verdict, i) => checkThat(`${String(level)}.${String(i)}`, verdict));
    return [level, { title: `Level ${String(level)}`, reason: 'for this test', checks }] as const;
  });
  return { id: 'criterion-9', kind: 'criterion', number: 9, text: 'Anything.', levels: Object.fromEntries(levels) };
}

function checkThat(id: string, verdict: Verdict): Check {
  return {
    id,
    title: id,
    expected: 'it',
    experiment: 'e',
    evaluate: () => ({ verdict, seen: 'it', evidence: ['e#1'] }),
  };
}
