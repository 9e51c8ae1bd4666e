import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { PathName } from '../../../../helpers/traffic/plan.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { recoveryOf, troubleBefore } from '../../../../helpers/verdict/recovery.ts';

/** A failure is made at 10 s and watched until 40 s; calls of a path are 100 ms apart. */
const WINDOW = { from: 10_000, to: 40_000 };
const EVERY_MS = 100;

function callsOf(path: PathName, isLost: (start: number) => boolean, length = 0): TrafficCall[] {
  return Array.from({ length: 450 }, (_, index) => {
    const start = index * EVERY_MS;
    const outcome = isLost(start) ? 'timeout' : 'served';
    return { type: 'call', id: '', path, method: 'tools/call', due: start, start, end: start + 8 + length, outcome };
  });
}

test.describe('recovery of clients', { tag: '@static' }, () => {
  test('should be the first good call after the last lost one, whatever was lost before it', () => {
    const outage = fc.tuple(fc.integer({ min: 100, max: 300 }), fc.integer({ min: 1, max: 80 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(outage, ([first, length, gap]) => {
        const [start, end] = [first * EVERY_MS, (first + length) * EVERY_MS];
        // Some calls in between are served: one of two replicas may be well.
        const isLost = (at: number) =>
          at >= start && at <= end && (gap === 0 || at === end || (at / EVERY_MS) % gap === 0);
        const { recoveredAt, lost } = recoveryOf(callsOf('new-connection', isLost), WINDOW);
        expect(recoveredAt).toBe(end + EVERY_MS);
        expect(lost.length).toBeGreaterThan(0);
      }),
    );
  });

  test('should be at once when nothing is lost, and never when calls fail to the end', () => {
    const unhurt = recoveryOf(
      callsOf('kept-alive', () => false),
      WINDOW,
    );
    expect(unhurt).toMatchObject({ recoveredAt: WINDOW.from, lost: [], longestOutageMs: 0 });
    const dead = recoveryOf(
      callsOf('kept-alive', (start) => start >= WINDOW.from),
      WINDOW,
    );
    expect(dead).toMatchObject({ recoveredAt: undefined, goodAfter: [] });
    expect(dead.longestOutageMs).toBeGreaterThan(29_000);
  });

  test('should not be asked of sessions, which are counted apart, nor of the control endpoint', () => {
    const calls = [
      ...callsOf('new-connection', () => false),
      ...callsOf('session', (start) => start >= 20_000),
      ...callsOf('control', (start) => start >= 20_000),
    ];
    expect(recoveryOf(calls, WINDOW)).toMatchObject({ recoveredAt: WINDOW.from, lost: [], sessionCallsLost: 200 });
  });

  test('should count long calls that were in flight when it happened', () => {
    const calls = callsOf('in-flight', (start) => start > 7_000 && start < 10_000, 6_000);
    expect(recoveryOf(calls, WINDOW).lost).toHaveLength(29);
  });

  test('should not be asked of a target that was not well before', () => {
    const lostLately = callsOf('new-connection', (start) => start >= 7_000 && start < 9_000);
    expect(troubleBefore(lostLately, WINDOW.from)).toMatch(/^20 of 40 calls were lost/);
    const lostLongAgo = callsOf('new-connection', (start) => start < 5_000);
    expect(troubleBefore(lostLongAgo, WINDOW.from)).toBeUndefined();
  });

  test('should take a call that waits in vain for trouble, though its client gives up only after the failure', () => {
    const hanging = callsOf('new-connection', (start) => start > 8_000).map((call) =>
      call.outcome === 'served' ? call : { ...call, end: call.start + 10_000 },
    );
    expect(troubleBefore(hanging, WINDOW.from)).toMatch(/calls were lost before the failure/);
    expect(
      troubleBefore(
        callsOf('new-connection', () => true, 10_000),
        WINDOW.from,
      ),
    ).toMatch(/no call was served/);
    // What began a moment before the failure was hurt by it.
    const hurt = callsOf('new-connection', (start) => start >= 9_900);
    expect(
      troubleBefore(
        hurt.map((call) => ({ ...call, end: call.start + 150 })),
        WINDOW.from,
      ),
    ).toBeUndefined();
  });
});
