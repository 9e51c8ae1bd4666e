import { expect, test } from '@playwright/test';
import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';
import { damages } from './damages.ts';
import { damaged, flawless } from './histories.ts';
import { blind, stalls, stolenFrom, type TrafficDamage } from './traffic-history.ts';

test.describe('a machine that is starved by its host', { tag: '@static' }, () => {
  const judged = (stolen: number, damage: TrafficDamage = (records) => records) => {
    const history = flawless.get('config.add-tool');
    const check = catalogue.find(({ id }) => id === 'config.add-tool.no-stall');
    if (history === undefined || check === undefined) throw new Error('config.add-tool is not there');
    return check.evaluate(damaged(history, { traffic: (records) => stolenFrom(damage(records), stolen) }));
  };
  const { value: limit } = thresholds.machineStolen;

  test('should not be held against the target', () => {
    const finding = judged(limit + 0.2, stalls('kept-alive').traffic);
    expect(finding).toMatchObject({ verdict: 'inconclusive', seen: expect.stringMatching(/30 % .*1 stall/) });
    expect(finding.evidence).not.toEqual([]);
  });

  test('should excuse nothing that it is too small for', () => {
    expect(judged(limit, stalls('kept-alive').traffic)).toMatchObject({ verdict: 'fail' });
  });

  test('should not take away what went well all the same', () => {
    expect(judged(0.9)).toMatchObject({ verdict: 'pass' });
  });
});

test.describe('a version that is turned back by what the observer saw', { tag: '@static' }, () => {
  const completed = (...damages: Parameters<typeof damaged>[1][]) => {
    const history = flawless.get('strategy.canary');
    const check = catalogue.find(({ id }) => id === 'strategy.canary.completed');
    if (history === undefined || check === undefined) throw new Error('strategy.canary is not there');
    return check.evaluate(damages.reduce(damaged, history));
  };
  const turnedBack = damages['strategy.canary.completed']?.fail ?? (() => []);
  const starved = {
    traffic: ((records) => stolenFrom(records, thresholds.machineStolen.value + 0.2)) as TrafficDamage,
  };

  test('should be held against nobody while the observer was blind or the machine starved', () => {
    expect(completed(turnedBack)).toMatchObject({ verdict: 'fail' });
    expect(completed(turnedBack, blind)).toMatchObject({
      verdict: 'inconclusive',
      seen: expect.stringMatching(/^the observer was blind: .*rolled-back in phase/),
    });
    expect(completed(turnedBack, starved)).toMatchObject({
      verdict: 'inconclusive',
      seen: expect.stringMatching(/30 % .*rolled-back in phase/),
    });
  });

  test('should leave alone what was brought in all the same', () => {
    expect(completed(blind)).toMatchObject({ verdict: 'pass' });
  });
});

test.describe('an observer that was late', { tag: '@static' }, () => {
  /** The verdict on an observer that sent the first calls of the change that much too late, in ms. */
  const observerSaw = (lateness: readonly number[]) => {
    const history = flawless.get('config.add-tool');
    const check = catalogue.find(({ id }) => id === 'config.add-tool.observer-saw');
    if (history === undefined || check === undefined) throw new Error('config.add-tool is not there');
    const left = [...lateness];
    return check.evaluate(
      damaged(history, {
        traffic: (records) =>
          records.map((record) => {
            if (record.type !== 'call' || record.launched === true) return record;
            return { ...record, due: record.start - (left.shift() ?? 0) };
          }),
      }),
    ).verdict;
  };

  test('should be blind to the change around which it was, and to no other', () => {
    const history = flawless.get('upgrade.path');
    const change = history?.step('change.back');
    if (history === undefined || change === undefined) throw new Error('upgrade.path has no way back');
    const { value: lateMs } = thresholds.observerLate;
    const late = damaged(history, {
      traffic: (records) =>
        records.map((record) =>
          record.type === 'call' && record.end >= change.start && record.end <= change.end
            ? { ...record, due: record.due - lateMs - 1 }
            : record,
        ),
    });
    const verdicts = ['to-current', 'back', 'again'].map(
      (name) => catalogue.find(({ id }) => id === `upgrade.path.${name}.observer-saw`)?.evaluate(late).verdict,
    );
    expect(verdicts).toEqual(['pass', 'inconclusive', 'pass']);
  });

  test('should be blind for a pause in which users would have noticed an outage, however few calls were late', () => {
    expect(observerSaw([thresholds.observerPause.value])).toBe('pass');
    expect(observerSaw([thresholds.observerPause.value + 1])).toBe('inconclusive');
  });

  test('should not be blind for a few late calls', () => {
    const few = thresholds.observerLateCalls.value;
    const lateness = (count: number) => Array.from({ length: count }, () => thresholds.observerLate.value + 1);
    expect(observerSaw(lateness(few))).toBe('pass');
    expect(observerSaw(lateness(200))).toBe('inconclusive');
  });
});
