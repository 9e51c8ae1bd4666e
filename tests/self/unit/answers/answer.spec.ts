import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { answer } from '../../../../helpers/answers/answer.ts';
import type { Answer, Unanswerable } from '../../../../helpers/answers/answer.ts';
import { parseQuestion } from '../../../../helpers/answers/question.ts';
import { Runs } from '../../../../helpers/answers/runs.ts';
import { statuses } from '../../../../helpers/verdict/schema.ts';
import { NOW, question, storeVerdict } from './runs.ts';

const older = '20261121-090000-aaaa';
const newer = '20261121-100000-aaaa';

let folder: string;

function ask(more: Record<string, string> = {}): Answer | Unanswerable {
  const asked = parseQuestion({ ...question, ...more });
  if ('problem' in asked) return asked;
  return answer(asked, new Runs(folder).newestFirst(), NOW);
}

test.describe('answers for who rolls out', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = test.info().outputPath('runs');
    mkdirSync(folder, { recursive: true });
  });

  test('should pass only what passed', () => {
    for (const status of statuses) {
      storeVerdict(folder, newer, { status });
      const given = ask();
      expect(given).toMatchObject({ passed: status === 'pass' });
      const inconclusive = { pass: 'pass', fail: 'fail' }[status as string] ?? 'inconclusive';
      expect(given).toMatchObject({ verdict: inconclusive });
    }
  });

  test('should tell the run, its end, the status of the row and what was seen', () => {
    storeVerdict(folder, newer);
    expect(ask()).toEqual({
      verdict: 'pass',
      passed: true,
      reason: 'it is pass',
      ...question,
      status: 'pass',
      run: newer,
      endedAt: '2026-11-21T11:00:00.000Z',
    });
    expect(ask({ row: 'criterion-1' })).toMatchObject({ verdict: 'fail', score: 4 });
  });

  test('should be inconclusive without any run, and without one of that target', () => {
    expect(ask()).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('no run has tried') });
    storeVerdict(folder, newer, { target: 'another' });
    expect(ask()).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('another') });
  });

  test('should take the newest run that tried the row', () => {
    storeVerdict(folder, older, { status: 'pass' });
    storeVerdict(folder, newer, { status: 'fail' });
    expect(ask()).toMatchObject({ verdict: 'fail', run: newer });
    storeVerdict(folder, newer, { status: 'not-run' });
    expect(ask()).toMatchObject({ verdict: 'pass', run: older });
    storeVerdict(folder, newer, { status: 'fail', target: 'another' });
    expect(ask()).toMatchObject({ verdict: 'pass', run: older });
  });

  test('should not fall back on an older run while a newer one of the target is under way, was killed or cannot be read', () => {
    storeVerdict(folder, older);
    for (const verdict of [null, '', '{"schema":', '{"schema":"https://seatrial.dev/schemas/verdict/v9"}']) {
      storeVerdict(folder, newer, { verdict, endedAt: null });
      expect(ask()).toMatchObject({ verdict: 'inconclusive', run: newer });
    }
    storeVerdict(folder, newer, { verdict: null, target: 'another' });
    expect(ask()).toMatchObject({ verdict: 'pass', run: older });
  });

  test('should not pass on a run that ended early, is too old, or began too early', () => {
    storeVerdict(folder, newer, { complete: false });
    expect(ask()).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('ended early') });
    storeVerdict(folder, newer, { endedAt: null });
    expect(ask()).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('nothing says when') });
    storeVerdict(folder, newer);
    expect(ask({ maxAge: '59m' })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('longer than'),
    });
    expect(ask({ maxAge: '61m' })).toMatchObject({ verdict: 'pass' });
    storeVerdict(folder, newer, { endedAt: '2026-11-20T11:00:00Z' });
    expect(ask()).toMatchObject({ verdict: 'inconclusive' });
    expect(ask({ maxAge: '48h' })).toMatchObject({ verdict: 'pass' });
    storeVerdict(folder, newer);
    expect(ask({ since: '2026-11-21T11:30:00+01:00' })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('began before'),
    });
    expect(ask({ since: '2026-11-21T10:59:00+01:00' })).toMatchObject({ verdict: 'pass' });
  });

  test('should tell what fails whatever its age: an old failure is no reason to go on', () => {
    storeVerdict(folder, newer, { status: 'fail', complete: false, endedAt: null });
    expect(ask({ maxAge: '1m' })).toMatchObject({ verdict: 'fail' });
  });

  test('should see a verdict that was written anew', () => {
    const runs = new Runs(folder);
    storeVerdict(folder, newer, { verdict: null });
    const asked = parseQuestion(question);
    const given = () => ('problem' in asked ? asked : answer(asked, runs.newestFirst(), NOW));
    expect(given()).toMatchObject({ verdict: 'inconclusive' });
    storeVerdict(folder, newer);
    expect(given()).toMatchObject({ verdict: 'pass' });
    storeVerdict(folder, newer, { status: 'fail' });
    expect(given()).toMatchObject({ verdict: 'fail' });
  });

  test('should say that the question is wrong rather than that nothing is known', () => {
    storeVerdict(folder, newer);
    expect(ask({ row: 'gate-rolback' })).toEqual({
      problem: 'category-8 has no row gate-rolback: did you mean "gate-rollback"?',
    });
    expect(ask({ maxAge: 'a day' })).toEqual({ problem: expect.stringContaining('duration') });
    expect(ask({ since: 'yesterday' })).toHaveProperty('problem');
    expect(ask({ run: '../../etc' })).toEqual({ problem: expect.stringContaining('id of a run') });
    expect(ask({ maxage: '1h' })).toEqual({ problem: expect.stringContaining('maxage') });
    expect(parseQuestion({ target: 'gateway' })).toHaveProperty('problem');
  });

  test('should never pass but on a complete run that passed, whatever the runs', () => {
    const stored = fc.record({
      status: fc.constantFrom(...statuses),
      complete: fc.boolean(),
      target: fc.constantFrom('gateway', 'another'),
      verdict: fc.constantFrom(undefined, null, '{'),
    });
    const parent = folder;
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 4 }), (runs) => {
        folder = mkdtempSync(join(parent, 'runs-'));
        runs.forEach((run, index) => {
          storeVerdict(folder, `20261121-1${String(index)}0000-aaaa`, {
            status: run.status,
            complete: run.complete,
            target: run.target,
            ...(run.verdict === undefined ? {} : { verdict: run.verdict }),
          });
        });
        const given = ask() as Answer;
        const own = runs.filter(
          ({ target, status, verdict }) => target === 'gateway' && (verdict !== undefined || status !== 'not-run'),
        );
        const last = own.at(-1);
        expect(given.passed).toBe(last?.verdict === undefined && last?.status === 'pass' && last.complete);
      }),
      { numRuns: 60 },
    );
  });
});
