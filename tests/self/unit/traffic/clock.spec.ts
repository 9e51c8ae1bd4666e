import { expect, test } from '@playwright/test';
import { now } from '../../../../helpers/history/history.ts';
import { clockOffsetMs, monotonicMs } from '../../../../helpers/traffic/clock.ts';

/** Two readings of clocks that tell the same moment, taken one after the other, in ms. */
const CLOSE = 1_000;

test.describe('moments of histories', { tag: '@static' }, () => {
  const { now: real } = Date;

  test.afterEach(() => {
    Date.now = real;
  });

  for (const step of [3_600_000, -3_600_000])
    test(`should follow one another while the clock is set by ${String(step)} ms`, () => {
      const before = { now: now(), offset: clockOffsetMs(), monotonic: monotonicMs() };
      Date.now = () => real() + step;
      const after = { now: now(), offset: clockOffsetMs(), monotonic: monotonicMs() };
      expect(after.now).toBeGreaterThanOrEqual(before.now);
      expect(after.now - before.now).toBeLessThan(CLOSE);
      // What the observer, a process of its own, adds to the monotonic clock stays right.
      expect(Math.abs(after.offset - before.offset)).toBeLessThan(CLOSE);
      expect(Math.abs(after.monotonic + before.offset - after.now)).toBeLessThan(CLOSE);
    });
});
