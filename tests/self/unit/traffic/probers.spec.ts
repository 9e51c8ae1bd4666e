import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { sightOf, smallestOutage } from '../../../../helpers/traffic/analysis/sight.ts';
import { outageWindows } from '../../../../helpers/traffic/analysis/windows.ts';
import { clockBetween, offsetOf } from '../../../../helpers/traffic/probers/clock.ts';
import type { Exchange } from '../../../../helpers/traffic/probers/clock.ts';
import { mergeTraffic } from '../../../../helpers/traffic/probers/merge.ts';
import type { ProberHistory } from '../../../../helpers/traffic/probers/merge.ts';
import { shareOf } from '../../../../helpers/traffic/probers/share.ts';
import type { McpTrafficPlan } from '../../../../helpers/traffic/plan.ts';
import { planFor } from '../../traffic/rig.ts';
import { isTrafficCall } from '../../../../helpers/traffic/records.ts';
import type { TrafficBegin, TrafficCall, TrafficEnd, TrafficRecord } from '../../../../helpers/traffic/records.ts';

/** A clock that is off and goes wrong by up to 100 parts per million, as quartz does: the other machine's moment for one of this machine. */
interface Clock {
  offset: number;
  ppm: number;
}
const clock = fc.record({
  offset: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  ppm: fc.double({ min: -100, max: 100, noNaN: true }),
});
const onIts = ({ offset, ppm }: Clock, moment: number) => moment * (1 + ppm / 1e6) + offset;

/** How long the two ways took, and how long the other machine thought about it: each by itself, in ms. */
const way = fc.double({ min: 0.01, max: 40, noNaN: true });
const delays = fc.array(fc.tuple(way, fc.double({ min: 0, max: 40, noNaN: true }), way), {
  minLength: 1,
  maxLength: 8,
});

/** Questions one after the other from `begin` on. */
function exchanges(its: Clock, begin: number, ways: readonly (readonly [number, number, number])[]): Exchange[] {
  let now = begin;
  return ways.map(([out, thinking, back]) => {
    const asked = now;
    now += out + thinking + back;
    return { asked, received: onIts(its, asked + out), answered: onIts(its, asked + out + thinking), heard: now };
  });
}

/** Brings moments of the other machine onto this machine's clock. */
function clockOf(before: readonly Exchange[], after: readonly Exchange[]) {
  const [first, last] = [offsetOf(before), offsetOf(after)];
  if (first === undefined || last === undefined) throw new Error('its clock is unknown');
  return clockBetween(first, last);
}

/** Moments are told in microseconds. */
const TINY = 1e-3;
const LONG = { tool: 'wait', arguments: {}, secondsArgument: 'seconds', expect: 'well' };
const BEGIN: TrafficBegin = {
  type: 'traffic',
  at: 0,
  url: 'http://gateway',
  offered: { 'kept-alive': 10 },
  sessions: 0,
  lengths: [],
  protocol: '2026-07-28',
  stateful: false,
  priority: 'normal',
};
const END: TrafficEnd = {
  type: 'traffic-end',
  at: 10_000,
  due: 100,
  sent: 100,
  unfinished: 0,
  cpuMs: 5,
  elapsedMs: 10_000,
};

test.describe("another machine's clock", { tag: '@static' }, () => {
  test('should be known within the error that is stated, however unlike the two ways are', () => {
    fc.assert(
      fc.property(clock, delays, fc.double({ min: 0, max: 1e5, noNaN: true }), (its, ways, begin) => {
        const found = offsetOf(exchanges(its, begin, ways));
        // When it was measured, on this machine's clock.
        const moment = ((found?.at ?? NaN) - its.offset) / (1 + its.ppm / 1e6);
        const truth = moment - (found?.at ?? NaN);
        expect(Math.abs((found?.ms ?? NaN) - truth)).toBeLessThanOrEqual((found?.error ?? NaN) + TINY);
      }),
    );
  });

  test('should be known no worse by more questions than by the fastest one of them', () => {
    fc.assert(
      fc.property(clock, delays, (its, ways) => {
        const all = exchanges(its, 0, ways);
        const alone = all.map((one) => offsetOf([one])?.error ?? Infinity);
        const drift = (2 * ways.flat().reduce((sum, ms) => sum + ms, 0) * 1000) / 1e6;
        expect(offsetOf(all)?.error).toBeLessThanOrEqual(Math.min(...alone) + drift + TINY);
      }),
    );
  });

  test('should be unknown without a question, and when it was stepped between two of them', () => {
    expect(offsetOf([])).toBeUndefined();
    const [one, two] = [
      exchanges({ offset: 0, ppm: 0 }, 0, [[1, 0, 1]]),
      exchanges({ offset: 500, ppm: 0 }, 10, [[1, 0, 1]]),
    ];
    expect(offsetOf([...one, ...two])).toBeUndefined();
  });

  test('should tell moments between two measurements within their error, though it goes wrong', () => {
    fc.assert(
      fc.property(clock, delays, delays, fc.double({ min: 0, max: 1, noNaN: true }), (its, ways, more, share) => {
        const toThis = clockOf(exchanges(its, 0, ways), exchanges(its, 60_000, more));
        const truth = share * 60_000;
        const { at, error } = toThis(onIts(its, truth));
        expect(Math.abs(at - truth)).toBeLessThanOrEqual(error + TINY);
      }),
    );
  });
});

/** What the observers of several machines saw of one outage of everything, on their own clocks, and how those are brought together. */
const watched = fc
  .record({
    clocks: fc.array(clock, { minLength: 1, maxLength: 8 }),
    ways: delays,
    begin: fc.double({ min: 2_000, max: 4_000, noNaN: true }),
    // Longer than the pause between calls and than what is not known of the clocks: a shorter one may be seen by nobody.
    length: fc.double({ min: 300, max: 3_000, noNaN: true }),
  })
  .map(({ clocks, ways, begin, length }) => {
    const end = begin + length;
    const histories = clocks.map((its, index): ProberHistory => {
      const starts = Array.from({ length: 90 }, (_, call) => call * 100 + index * 7);
      const calls = starts.map((start) => callOf(its, start, start >= begin && start < end));
      return {
        records: [told(its, BEGIN), ...calls, told(its, END)],
        clock: clockOf(exchanges(its, 0, ways), exchanges(its, 9_000, ways)),
      };
    });
    return { begin, end, histories };
  });

function callOf(its: Clock, start: number, lost: boolean): TrafficCall {
  const moments = { due: onIts(its, start), start: onIts(its, start), end: onIts(its, start + 10) };
  return {
    type: 'call',
    id: String(start),
    path: 'kept-alive',
    method: 'tools/call',
    ...moments,
    outcome: lost ? 'network-error' : 'served',
  };
}

function told<T extends TrafficBegin | TrafficEnd>(its: Clock, record: T): T {
  return { ...record, at: onIts(its, record.at) };
}

test.describe('traffic of several observers', { tag: '@static' }, () => {
  test('should show an outage whose edges hold the truth, within the errors that they state', () => {
    fc.assert(
      fc.property(watched, ({ begin, end, histories }) => {
        const [window, ...others] = outageWindows(mergeTraffic(histories).filter(isTrafficCall));
        expect(others).toEqual([]);
        expect(Math.abs((window?.start ?? NaN) - begin)).toBeLessThanOrEqual((window?.error.start ?? NaN) + TINY);
        expect(Math.abs((window?.end ?? NaN) - end)).toBeLessThanOrEqual((window?.error.end ?? NaN) + TINY);
      }),
    );
  });

  test('should count every call of each of them once, in the order of one clock', () => {
    fc.assert(
      fc.property(watched, ({ histories }) => {
        const merged = mergeTraffic(histories);
        const calls = merged.filter(isTrafficCall);
        expect(new Set(calls.map(({ id }) => id)).size).toBe(histories.length * 90);
        expect(calls.map(({ start }) => start)).toEqual(calls.map(({ start }) => start).toSorted((a, b) => a - b));
        expect(merged[0]).toMatchObject({ type: 'traffic', offered: { 'kept-alive': 10 * histories.length } });
        expect(merged.at(-1)).toMatchObject({ type: 'traffic-end', due: 100 * histories.length, cpuMs: 5 });
      }),
    );
  });

  test('should be the traffic of one observer on the same clock, where there is but one', () => {
    const same = (moment: number) => ({ at: moment, error: 0 });
    const own = callOf({ offset: 0, ppm: 0 }, 100, false);
    expect(mergeTraffic([{ records: [BEGIN, own, END], clock: same }])).toEqual([
      BEGIN,
      { ...own, id: '1/100', clockErrorMs: 0 },
      END,
    ]);
    expect(mergeTraffic([])).toEqual([]);
  });

  test('should keep the sessions of observers apart', () => {
    const records = [
      BEGIN,
      ...[0, 1].map((session) => ({ ...callOf({ offset: 0, ppm: 0 }, session, false), session })),
    ];
    const one: ProberHistory = {
      records: [{ ...BEGIN, sessions: 2 }, ...records.slice(1)],
      clock: (at) => ({ at, error: 0 }),
    };
    const merged = mergeTraffic([one, one]);
    expect(merged[0]).toMatchObject({ sessions: 4 });
    expect(
      merged
        .filter(isTrafficCall)
        .map(({ session }) => session)
        .toSorted(),
    ).toEqual([0, 1, 2, 3]);
  });

  test('should have no end where one of them has none, so that nobody takes it for whole', () => {
    const same = (at: number) => ({ at, error: 0 });
    const records: TrafficRecord[] = [BEGIN, END];
    expect(
      mergeTraffic([
        { records, clock: same },
        { records: [BEGIN], clock: same },
      ]).at(-1)?.type,
    ).toBe('traffic');
  });

  test('should be refused where they did not call the same', () => {
    const same = (at: number) => ({ at, error: 0 });
    const other = { ...BEGIN, url: 'http://another' };
    const both = [BEGIN, other].map((begin) => ({ records: [begin, END], clock: same }));
    expect(() => mergeTraffic(both)).toThrow('observer 2 called something else than observer 1');
    expect(() => mergeTraffic([{ records: [END], clock: same }])).toThrow('observer 1 has no first line');
  });

  test('should state a smallest outage that grows with what is not known of the clocks', () => {
    const calls = [0, 100, 200].map((start) => ({ ...callOf({ offset: 0, ppm: 0 }, start, false), clockErrorMs: 5 }));
    expect(smallestOutage(calls, { from: 0, to: 200 })).toBe(110);
    expect(sightOf(calls, END, 50).late).toEqual([]);
  });
});

test.describe('the share of a prober', { tag: '@static' }, () => {
  test('should add up to the plan, with every session and every long call at one of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 60 }), (count, sessions) => {
        const plan = planFor('http://gateway', 'file', {
          sessions,
          longCall: { ...LONG, lengths: [1, 6, 12, 20, 40] },
        });
        const shares = Array.from({ length: count }, (_, index) => shareOf(plan, { index, count }));
        const sum = (of: (share: McpTrafficPlan) => number) => shares.reduce((total, share) => total + of(share), 0);
        expect(sum(({ sessions: own }) => own)).toBe(sessions);
        for (const path of ['newConnection', 'keptAlive', 'control'] as const)
          expect(sum(({ rates }) => rates[path])).toBeCloseTo(plan.rates[path]);
        expect(sum(({ rates }) => rates.session)).toBeCloseTo(sessions === 0 ? 0 : plan.rates.session);
        expect(shares.flatMap(({ longCall }) => longCall?.lengths ?? []).toSorted((a, b) => a - b)).toEqual([
          1, 6, 12, 20, 40,
        ]);
      }),
    );
  });
});
