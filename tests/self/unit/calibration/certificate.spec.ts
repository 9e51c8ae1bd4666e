import { expect, test } from '@playwright/test';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';
import type { Window } from '../../../../helpers/traffic/analysis/windows.ts';
import { certificate, surelySeenFrom, unmet } from '../../calibration/certificate.ts';
import type { Calibration } from '../../calibration/certificate.ts';
import { curve } from '../../calibration/curve.ts';
import { detectionOf } from '../../calibration/detection.ts';
import type { Injection } from '../../calibration/detection.ts';

const window = (start: number, end: number, stated = 3): Window => ({
  start,
  end,
  error: { start: stated, end: stated },
  calls: [],
});
const injection = (durationMs: number, start: number): Injection => ({
  durationMs,
  truth: { start, end: start + durationMs },
  statedMs: 11,
});

/** Outages of 5 ms are found half of the time, those of 20 ms always. */
const injections = [injection(5, 1_000), injection(20, 2_000), injection(5, 3_000), injection(20, 4_000)];
const windows = [window(999, 1_006), window(1_998, 2_021), window(3_995, 4_026), window(2_003, 2_018)];
const { detected } = detectionOf('outage', injections, windows);

const well: Calibration = {
  at: '2026-11-22T00:30:00.000Z',
  commit: 'abc1234',
  machine: { cpu: '2 × some' },
  priority: 'real-time',
  detected,
  falseOutages: 0,
  falseStalls: 3,
  sessions: { forgotten: 10, named: 9, blind: 1 },
  starved: [
    { pauseMs: 100, beyondLimit: false, tried: 10, named: 3, red: 0 },
    { pauseMs: 1_000, beyondLimit: true, tried: 10, named: 10, red: 0 },
  ],
  quiet: {
    minutes: 60,
    calls: 720_000,
    lost: 0,
    outages: 0,
    stalls: 0,
    watches: 60,
    blind: 1,
    red: [],
    stolen: 0.012,
  },
};

test.describe('detection', { tag: '@static' }, () => {
  test('should count each injection once, whichever path found it', () => {
    expect(detected.map(({ durationMs, found, injected }) => [durationMs, found, injected])).toEqual([
      [5, 1, 2],
      [20, 2, 2],
    ]);
    expect(detected[0]?.share.from).toBeCloseTo(0.0126, 4);
    expect(detected[0]?.share.to).toBeCloseTo(0.9874, 4);
  });

  test('should compare the edges of every window with the truth, and with what it states itself', () => {
    expect(detected[0]?.edges).toEqual({ p50: 1, p95: 1, max: 1, withinStated: 2, of: 2 });
    // Of three windows one states 3 ms and is 5 and 6 ms off.
    expect(detected[1]?.edges).toEqual({ p50: 2, p95: 6, max: 6, withinStated: 4, of: 6 });
    expect(detectionOf('outage', [injection(5, 0)], []).detected[0]).toMatchObject({ found: 0, edges: undefined });
  });

  test('should know which were missed though the run says that it would have seen them', () => {
    const missed = detectionOf(
      'outage',
      [injection(5, 0), injection(20, 2_000), injection(20, 4_000)],
      [window(1_999, 2_021)],
    );
    expect(missed.detected.map(({ durationMs, unaware }) => [durationMs, unaware])).toEqual([
      [5, 0],
      [20, 1],
    ]);
  });

  test('should count windows at which nothing was injected', () => {
    expect(detectionOf('outage', injections, [...windows, window(2_500, 2_510)]).falseWindows).toBe(1);
    expect(detectionOf('outage', injections, windows).falseWindows).toBe(0);
  });
});

test.describe('a certificate', { tag: '@static' }, () => {
  test('should state the shortest outage from which on none was missed', () => {
    expect(surelySeenFrom(detected)).toBe(20);
    expect(surelySeenFrom(detected.filter(({ durationMs }) => durationMs < 20))).toBeUndefined();
    const late = detected.map((one) => (one.durationMs === 20 ? { ...one, found: 1 } : { ...one, found: 2 }));
    expect(surelySeenFrom(late)).toBeUndefined();
  });

  test('should say what was not shown', () => {
    expect(unmet(well)).toEqual([]);
    const { quiet } = well;
    const [stall] = detectionOf('stall', [injection(200, 0)], []).detected;
    if (quiet === undefined || stall === undefined) throw new Error('there was nothing to say');
    const beside: [Partial<Calibration>, RegExp][] = [
      [{ detected: [] }, /an outage of 20 ms or more was missed/],
      [{ detected: [...detected, { ...stall, unaware: 0 }] }, /stall of 200 ms/],
      [{ detected: detected.map((one) => ({ ...one, unaware: 1 })) }, /says it would have seen/],
      [{ falseOutages: 2 }, /2 outages/],
      [{ sessions: { forgotten: 10, named: 8, blind: 1 } }, /lost sessions/],
      [{ sessions: { forgotten: 10, named: 0, blind: 10 } }, /lost sessions/],
      [{ starved: [{ pauseMs: 600, beyondLimit: true, tried: 2, named: 1, red: 0 }] }, /600 ms was not named/],
      [{ starved: [{ pauseMs: 100, beyondLimit: false, tried: 2, named: 0, red: 1 }] }, /held against the target/],
      [{ quiet: { ...quiet, lost: 1 } }, /quiet traffic/],
      [{ quiet: { ...quiet, red: ['calibration.minute-1.no-stall'] } }, /quiet traffic/],
    ];
    for (const [change, what] of beside) expect(unmet({ ...well, ...change })).toEqual([expect.stringMatching(what)]);
    expect(unmet({ ...well, quiet: undefined })).toEqual([]);
  });

  test('should say when, on what and how much, and how it is made again', () => {
    const text = certificate(well, 'curve.svg');
    expect(text).toContain('# Calibration of 2026-11-22');
    expect(text).toContain('**Outages from 20 ms on were found every time** (2 of each length). All that is promised');
    for (const part of ['abc1234', '2 × some', 'real-time', '1.2 %', '| outage | 5 ms | 1 of 2 | 1.3 % to 98.7 % |'])
      expect(text).toContain(part);
    expect(text).toContain('| 1000 ms, beyond the limit | 10 | 10 | 0 |');
    expect(text).toContain('| 60 | 720000 | 0 | 0 | 0 | 60 | 0 | 1 |');
    expect(text).toContain(`Beyond ${String(thresholds.observerPause.value)} ms`);
    expect(text).toContain('npm run calibrate -- --rounds 2 --minutes 60');
    expect(certificate({ ...well, falseOutages: 1, quiet: undefined }, '')).toMatch(/Not shown: 1 outages/);
  });

  test('should draw every length with its interval, and tell it in words', () => {
    const svg = curve(detected);
    expect(svg).toContain('<desc id="desc">5 ms: 1 of 2, 20 ms: 2 of 2</desc>');
    expect(svg.match(/class="dot"/g)).toHaveLength(2);
    expect(svg.match(/class="bar"/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
