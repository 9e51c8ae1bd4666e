import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  describeLatency,
  latencyOf,
  percentilesOf,
  sampleFloor,
} from '../../../../helpers/traffic/analysis/latency.ts';
import { sessionsOf, smallestOutage, stolenShare } from '../../../../helpers/traffic/analysis/sight.ts';
import {
  isLost,
  lengthOf,
  MERGE_GAP_MS,
  outageWindows,
  stallWindows,
} from '../../../../helpers/traffic/analysis/windows.ts';
import { parseCpuTime } from '../../../../helpers/traffic/machine.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';

const LIMIT_MS = 5_000;

/** A call of one path that starts at `start` and takes `takes` ms. */
function call(start: number, lost: boolean, takes = 10, facts: Partial<TrafficCall> = {}): TrafficCall {
  const outcome = lost ? 'network-error' : 'served';
  const moments = { due: start, start, end: start + takes };
  return { type: 'call', id: String(start), path: 'kept-alive', method: 'tools/call', ...moments, outcome, ...facts };
}

/** Calls at different moments, some of them lost. */
const calls = fc
  .uniqueArray(fc.record({ start: fc.integer({ min: 0, max: 20_000 }), lost: fc.boolean() }), {
    selector: ({ start }) => start,
    maxLength: 80,
  })
  .map((moments) => moments.map(({ start, lost }) => call(start, lost)));

/** A path at a fixed rate on which everything fails that starts within the outage; some call does, and there are good ones around it. */
const outage = fc
  .record({ every: fc.integer({ min: 1, max: 200 }), begin: fc.double({ min: 500, max: 5_000, noNaN: true }) })
  .chain(({ every, begin }) =>
    fc.record({
      every: fc.constant(every),
      begin: fc.constant(begin),
      length: fc.double({ min: every + 1, max: 3_000 + every, noNaN: true }),
    }),
  )
  .map(({ every, begin, length }) => {
    const end = begin + length;
    const starts = Array.from({ length: Math.ceil(10_000 / every) }, (_, index) => index * every);
    return { begin, end, calls: starts.map((start) => call(start, start >= begin && start < end)) };
  });

test.describe('outage windows', { tag: '@static' }, () => {
  test('should hold every lost call, each in exactly one of them, and nothing else', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const inWindows = outageWindows(all).flatMap((window) => window.calls);
        expect(inWindows.map(({ id }) => id).toSorted()).toEqual(
          all
            .filter(isLost)
            .map(({ id }) => id)
            .toSorted(),
        );
      }),
    );
  });

  test('should not overlap, and come in their order', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const windows = outageWindows(all);
        for (const [index, window] of windows.entries()) {
          expect(window.start).toBeLessThanOrEqual(window.end);
          expect(window.start).toBeGreaterThanOrEqual(windows[index - 1]?.end ?? 0);
        }
      }),
    );
  });

  test('should not depend on the order in which the calls were written down', () => {
    fc.assert(
      fc.property(
        calls.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(outageWindows(shuffled)).toEqual(outageWindows(all));
          expect(stallWindows(shuffled, LIMIT_MS)).toEqual(stallWindows(all, LIMIT_MS));
          expect(latencyOf(shuffled)).toEqual(latencyOf(all));
        },
      ),
    );
  });

  test('should contain the truth at both edges, within the errors that they state', () => {
    fc.assert(
      fc.property(outage, ({ begin, end, calls: all }) => {
        const [window, ...others] = outageWindows(all);
        expect(others).toEqual([]);
        expect(Math.abs((window?.start ?? NaN) - begin)).toBeLessThanOrEqual((window?.error.start ?? NaN) + 1e-9);
        expect(Math.abs((window?.end ?? NaN) - end)).toBeLessThanOrEqual((window?.error.end ?? NaN) + 1e-9);
      }),
    );
  });

  test('should be one where nothing was served between two failures, however far apart', () => {
    expect(outageWindows([call(0, false), call(100, true), call(9_000, true), call(9_100, false)])).toHaveLength(1);
  });

  test('should be one where a call was served between two failures that lie close together', () => {
    const close = [call(0, true), call(MERGE_GAP_MS / 2, false), call(MERGE_GAP_MS, true)];
    expect(outageWindows(close)).toHaveLength(1);
  });

  test('should be two where a call was served between two failures that lie apart', () => {
    const apart = [call(0, true), call(MERGE_GAP_MS / 2, false), call(MERGE_GAP_MS + 1, true)];
    expect(outageWindows(apart)).toHaveLength(2);
  });

  test('should reach to the ends of what was watched where no call was served before or after', () => {
    const [window] = outageWindows([call(100, true), call(200, true)], { from: 0, to: 400 });
    expect(window).toMatchObject({ start: 50, end: 300, error: { start: 50, end: 100 } });
  });
});

test.describe('stall windows', { tag: '@static' }, () => {
  const waits = fc.uniqueArray(
    fc.record({ start: fc.integer({ min: 0, max: 20_000 }), takes: fc.integer({ min: 1, max: 3 * LIMIT_MS }) }),
    { selector: ({ start }) => start, maxLength: 60 },
  );

  test('should hold every served call that waited longer than the limit, and nothing else', () => {
    fc.assert(
      fc.property(waits, (all) => {
        const held = stallWindows(
          all.map(({ start, takes }) => call(start, false, takes)),
          LIMIT_MS,
        ).flatMap((window) => window.calls);
        const slow = all.filter(({ takes }) => takes > LIMIT_MS);
        expect(held.map(({ start }) => start).toSorted((a, b) => a - b)).toEqual(
          slow.map(({ start }) => start).toSorted((a, b) => a - b),
        );
      }),
    );
  });

  test('should last from the first that was due to the end of the last', () => {
    const [window] = stallWindows([call(0, false, 6_000), call(1_000, false, 7_000)], LIMIT_MS);
    expect(window === undefined ? undefined : lengthOf(window)).toBe(8_000);
  });

  test("should not count a call's own length as waiting", () => {
    expect(stallWindows([call(0, false, 12_100, { length: 12 })], LIMIT_MS)).toEqual([]);
  });
});

test.describe('what the observer could see', { tag: '@static' }, () => {
  test('should leave no room for an outage that is longer than the smallest that it states', () => {
    fc.assert(
      fc.property(calls, fc.double({ min: 0, max: 1, noNaN: true }), (all, where) => {
        const span = { from: 0, to: 20_000 };
        const smallest = smallestOutage(all, span);
        fc.pre(smallest !== undefined && smallest < span.to);
        const length = smallest + 0.001;
        const begin = where * (span.to - length);
        expect(all.some(({ start }) => start >= begin && start <= begin + length)).toBe(true);
      }),
    );
  });

  test('should state nothing where fewer than two calls were sent', () => {
    expect(smallestOutage([call(5, false)], { from: 0, to: 10 })).toBeUndefined();
  });

  test('should count a session as kept when its last call was served, and as lost when it was not', () => {
    const session = (number: number, ...lost: boolean[]) =>
      lost.map((one, index) => call(index * 1_000 + number, one, 10, { path: 'session', session: number }));
    const change = { start: 500 };
    expect(sessionsOf([...session(1, false, true, false), ...session(2, false, true, true)], change)).toMatchObject({
      watched: 2,
      lost: [{ session: 2 }],
    });
  });
});

test.describe('percentiles', { tag: '@static' }, () => {
  test('should need as many samples as 95 % confidence takes', () => {
    expect([50, 95, 99].map(sampleFloor)).toEqual([5, 59, 299]);
  });

  test('should be told only with enough samples behind them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { maxLength: 400 }), (durations) => {
        const { p50, p95, p99 } = percentilesOf(durations);
        expect([p50, p95, p99].map((value) => value !== undefined)).toEqual(
          [5, 59, 299].map((floor) => durations.length >= floor),
        );
      }),
    );
  });

  test('should lie within the samples, in their order', () => {
    const enough = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 299, maxLength: 320 });
    fc.assert(
      fc.property(enough, (durations) => {
        const { p50 = 0, p95 = 0, p99 = 0, max = 0 } = percentilesOf(durations);
        expect(p50).toBeLessThanOrEqual(p95);
        expect(p95).toBeLessThanOrEqual(p99);
        // Three significant digits.
        expect(p99).toBeLessThanOrEqual(max * 1.001);
        expect(p50).toBeGreaterThanOrEqual(Math.min(...durations) * 0.999);
      }),
    );
  });

  test('should say in words that there are too few', () => {
    expect(describeLatency(percentilesOf(Array.from({ length: 40 }, () => 12)))).toContain(
      'P95 not enough samples (40 of 59)',
    );
  });

  test('should leave lost calls out, since nobody knows how long they would have taken', () => {
    expect(latencyOf([call(0, true, 9_000), call(1, false, 10)])).toMatchObject({ samples: 1, max: 10 });
  });
});

test.describe('the machine', { tag: '@static' }, () => {
  test('should tell how much of its time the host gave to others', () => {
    const stat = (idle: number, stolen: number) =>
      `cpu  100 0 50 ${String(idle)} 5 0 5 ${String(stolen)} 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n`;
    const time = (at: number, idle: number, stolen: number) => ({
      type: 'machine' as const,
      at,
      ...(parseCpuTime(stat(idle, stolen)) ?? { total: NaN, stolen: NaN }),
    });
    const times = [time(0, 0, 0), time(500, 40, 10), time(1_000, 50, 100), time(1_500, 150, 100)];
    expect(stolenShare(times, { from: 0, to: 500 })).toBeCloseTo(0.2);
    expect(stolenShare(times, { from: 600, to: 900 })).toBeCloseTo(0.9);
    expect(stolenShare(times, { from: 1_000, to: 1_500 })).toBe(0);
    expect(stolenShare([], { from: 0, to: 1 })).toBeUndefined();
    expect(stolenShare(times.slice(0, 1), { from: 0, to: 1 })).toBeUndefined();
  });

  test('should not tell what the system does not', () => {
    expect(parseCpuTime('')).toBeUndefined();
    expect(parseCpuTime('cpu  1 2 3 4')).toBeUndefined();
  });
});
