import { expect, test } from '@playwright/test';
import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';
import { damaged, flawless } from './histories.ts';
import { stalls, stolenFrom, type TrafficDamage } from './traffic-history.ts';

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

test.describe('an observer that was late', { tag: '@static' }, () => {
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
});
