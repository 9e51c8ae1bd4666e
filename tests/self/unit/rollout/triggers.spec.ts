import { appendFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { compareVersions } from '../../../../helpers/rollout/comparison.ts';
import { LiveTraffic } from '../../../../helpers/rollout/live-traffic.ts';
import { reachedTriggers } from '../../../../helpers/rollout/triggers.ts';
import { answerableBy, figuresOf } from '../../../../helpers/traffic/analysis/figures.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { model } from '../target/model.ts';

const { triggers } = planFor(model({ rollbackThreshold: 0.05 })).rollback;

/** One call every 10 ms, on the two paths in turn. */
function calls(
  count: number,
  of: (index: number) => Partial<TrafficCall> & { waitMs?: number } = () => ({}),
): TrafficCall[] {
  return Array.from({ length: count }, (_, index) => {
    const { waitMs = 5, ...facts } = of(index);
    const due = index * 10;
    return {
      type: 'call',
      id: String(index),
      path: index % 2 === 0 ? 'new-connection' : 'kept-alive',
      method: 'predict',
      due,
      start: due,
      end: due + waitMs,
      outcome: 'served',
      servedBy: { version: 'v2' },
      ...facts,
    };
  });
}

const lost = { outcome: 'http-error' as const };
const metrics = (all: TrafficCall[], oomKills = 0) =>
  reachedTriggers(triggers, { calls: all, oomKills }).map(({ limit }) => limit.metric);

test.describe('rollback triggers', { tag: '@static' }, () => {
  test('should leave a version alone that does well', () => {
    expect(metrics(calls(1_000))).toEqual([]);
    expect(metrics([])).toEqual([]);
  });

  test('should be reached above 5 % of failed calls, and not at 5 %', () => {
    const failing = (count: number) => calls(1_000, (index) => (index < count ? lost : {}));
    expect(metrics(failing(50))).not.toContain('error-rate');
    expect(metrics(failing(51))).toContain('error-rate');
  });

  test('should be reached by the average alone, and by the P95 alone, above one second', () => {
    // Every twelfth call is very late: the average is beyond the limit, and so is the P95.
    expect(metrics(calls(1_200, (index) => (index % 12 === 0 ? { waitMs: 20_000 } : {})))).toEqual([
      'average-latency',
      'p95',
    ]);
    expect(metrics(calls(1_200, (index) => (index % 12 === 0 ? { waitMs: 1_500 } : {})))).toEqual(['p95']);
    expect(metrics(calls(1_200, (index) => (index % 50 === 0 ? { waitMs: 60_000 } : {})))).toEqual(['average-latency']);
    expect(metrics(calls(1_200, () => ({ waitMs: 999 })))).toEqual([]);
  });

  test('should be reached when the version is away for more than 5 % of the time, on one path alone too', () => {
    const away = (count: number) =>
      calls(1_000, (index) => (index % 2 === 0 && index >= 200 && index < 200 + count ? lost : {}));
    expect(metrics(away(40))).toEqual([]);
    expect(metrics(away(80))).toContain('availability');
  });

  test('should not be reached by the time that a lost call or two cost a version that has just come', () => {
    const twoLost = (count: number) => calls(count, (index) => (index === 4 || index === 6 ? lost : {}));
    expect(metrics(twoLost(116))).toEqual([]);
    expect(figuresOf(twoLost(116)).availability).toBeUndefined();
    expect(metrics(twoLost(118))).toEqual([]);
    expect(figuresOf(twoLost(118)).availability).toBeCloseTo(1 - 2 / 58);
  });

  test('should need one container alone that was killed for its memory', () => {
    expect(metrics([], 1)).toEqual(['oom-kills']);
  });

  test('should not be reached by few calls', () => {
    expect(metrics(calls(58, () => lost))).toEqual([]);
    expect(metrics(calls(59, () => lost))).toContain('error-rate');
  });
});

test.describe('what a version is answerable for', { tag: '@static' }, () => {
  test('should be what it answered, and what was lost since without anybody owning up to it', () => {
    const all = calls(
      6,
      (index) =>
        [
          { servedBy: { version: 'v1' } },
          { ...lost, servedBy: undefined },
          { servedBy: { version: 'v2' } },
          { ...lost, servedBy: undefined },
          { ...lost, servedBy: { version: 'v1' } },
          { ...lost, path: 'control' as const, servedBy: undefined },
        ][index] as Partial<TrafficCall>,
    );
    expect([...answerableBy(all, 'v2')].map(({ id }) => id)).toEqual(['2', '3']);
    expect(answerableBy(all, 'v3')).toEqual([]);
  });

  test('should have no figures without calls', () => {
    expect(figuresOf([])).toMatchObject({
      calls: 0,
      errorRate: undefined,
      averageMs: undefined,
      availability: undefined,
    });
  });
});

test.describe('comparison of two versions', { tag: '@static' }, () => {
  const both = (failing: (index: number) => boolean) =>
    compareVersions(
      calls(2_000, (index) => ({
        servedBy: { version: index % 4 < 2 ? 'v1' : 'v2' },
        ...(index % 4 < 2 && failing(index) ? lost : {}),
      })),
      { stable: 'v1', candidate: 'v2' },
    );

  test('should find no better one where chance explains the difference', () => {
    expect(both((index) => index === 4)).toMatchObject({ better: 'none', significant: false });
  });

  test('should find the one that loses significantly fewer', () => {
    const compared = both((index) => index % 20 === 0);
    expect(compared).toMatchObject({ better: 'candidate', significant: true, stable: { calls: 1_000 } });
    expect(compared.p).toBeLessThan(0.01);
  });
});

test(
  'should read traffic while it is written, line by line, whatever was cut in two',
  { tag: '@static' },
  ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    const live = new LiveTraffic(file);
    expect(live.read()).toEqual([]);
    const [first, second] = calls(2, () => ({ error: 'señal perdida' })).map((call) =>
      Buffer.from(`${JSON.stringify(call)}\n`),
    );
    if (first === undefined || second === undefined) throw new Error('there are two calls');
    const cut = second.indexOf('ñ') + 1;
    appendFileSync(file, first);
    appendFileSync(file, second.subarray(0, cut));
    expect(live.read()).toHaveLength(1);
    expect(live.read()).toEqual([]);
    appendFileSync(file, second.subarray(cut));
    expect(live.read()).toEqual([JSON.parse(second.toString())]);
  },
);
