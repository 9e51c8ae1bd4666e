import { expect, test } from '@playwright/test';
import type { AllureAttachment, AllureResult } from '../../../../reports/allure/results.ts';
import { allureResults } from '../../../../reports/allure/results.ts';
import type { RunVerdict } from '../../../../helpers/verdict/types.ts';
import { checkOf, criterionOf, gateOf, NASTY, verdictOf } from './verdicts.ts';

test.describe('Results for Allure', { tag: '@static' }, () => {
  test('should have a status of its own for each verdict, and only a pass passes', () => {
    const verdicts = ['pass', 'fail', 'inconclusive', 'not-applicable'] as const;
    const found = resultsOf(verdictOf(verdicts.map((verdict) => gateOf(verdict))));
    expect(found.map(({ status }) => status)).toEqual(['passed', 'failed', 'broken', 'skipped']);
    expect(resultsOf(verdictOf([gateOf('not-run')]))).toEqual([]);
  });

  test('should show what was expected and seen, of what passed too', () => {
    const [passed, , inconclusive] = resultsOf(verdictOf([criterionOf()]));
    expect(passed?.parameters.map(({ name, value }) => [name, value])).toEqual([
      ['expected', '0 calls lost'],
      ['seen', '0 of 51 calls lost'],
    ]);
    expect(passed?.statusDetails).toEqual({});
    expect(inconclusive?.statusDetails.message).toBe('inconclusive: 3 of 51 calls lost');
  });

  test('should be grouped by standard, row and level of the rubric', () => {
    const [result] = resultsOf(verdictOf([criterionOf()]));
    const of = (name: string) => result?.labels.find((label) => label.name === name)?.value;
    expect(of('epic')).toBe('A tiny standard');
    expect(of('feature')).toBe('Criterion 1: Changes do not interrupt calls');
    expect(of('story')).toBe('Level 3: It works');
    expect(of('severity')).toBe('normal');
  });

  test('should be told apart in one run, and known again in the next', () => {
    const same = checkOf('fail', { id: 'shared' });
    const rows = [gateOf('fail', { id: 'gate-a', checks: [same] }), gateOf('fail', { id: 'gate-b', checks: [same] })];
    const [a, b] = resultsOf(verdictOf(rows));
    const [again] = resultsOf({ ...verdictOf(rows), run: '20261122-100000-abcd' });
    expect(a?.testCaseId).not.toBe(b?.testCaseId);
    expect(a?.testCaseId).toBe(again?.testCaseId);
    expect(a?.uuid).not.toBe(again?.uuid);
    const other = resultsOf(verdictOf(rows, { target: 'ship' }));
    expect(other[0]?.testCaseId).not.toBe(a?.testCaseId);
  });

  test('should link the history, and the traffic where a finding rests on it', () => {
    const nasty = checkOf('fail', { experiment: 'a b/../c', evidence: ['x#3'] });
    const [traffic, plain] = resultsOf(verdictOf([gateOf('fail', { checks: [checkOf('fail'), nasty] })]));
    expect(traffic?.links.map(({ url }) => url)).toEqual([
      '../experiments/boat/tiny.experiment/history.jsonl',
      '../experiments/boat/tiny.experiment/traffic.jsonl',
    ]);
    expect(traffic?.links[0]?.name).toBe('experiments/boat/tiny.experiment/history.jsonl');
    expect(plain?.links.map(({ url }) => url)).toEqual(['../experiments/boat/a%20b%2F..%2Fc/history.jsonl']);
  });

  test('should place each picture once, at the first check of its experiment that is not met', () => {
    const checks = [
      checkOf('pass', { id: 'a', experiment: 'config.invalid' }),
      checkOf('fail', { id: 'b', experiment: 'config.invalid' }),
      checkOf('pass', { id: 'c', experiment: 'config.invalid-by-api' }),
    ];
    const names = ['gate findings', 'config.invalid timeline.svg', 'config.invalid-by-api timeline.svg'];
    const attachments = names.map((name, index) => ({ name, source: `${String(index)}.svg`, type: 'image/svg+xml' }));
    const found = resultsOf(verdictOf([gateOf('fail', { checks })]), attachments);
    expect(found.map((result) => result.attachments.map(({ name }) => name))).toEqual([
      [],
      ['gate findings', 'config.invalid timeline.svg'],
      ['config.invalid-by-api timeline.svg'],
    ]);
  });

  test('should show text from outside as it is written', () => {
    const check = checkOf('fail', { seen: NASTY, expected: NASTY, reason: NASTY, evidence: [NASTY] });
    const [result] = resultsOf(verdictOf([gateOf('fail', { text: NASTY, checks: [check] })]));
    // Allure renders descriptions as Markdown; all else as text.
    expect(result?.description).not.toMatch(/<img|\*\*bold|(?<!\\)\[link\]/);
  });

  test('should take 10,000 checks', () => {
    const checks = Array.from({ length: 10_000 }, (_, index) => checkOf('pass', { id: `c${String(index)}` }));
    expect(resultsOf(verdictOf([gateOf('pass', { checks })]))).toHaveLength(10_000);
  });
});

function resultsOf(verdict: RunVerdict, attachments: AllureAttachment[] = []): AllureResult[] {
  return allureResults(verdict, { spans: () => new Map(), attachments: () => attachments });
}
