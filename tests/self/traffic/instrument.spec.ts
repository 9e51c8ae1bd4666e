import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { PathName } from '../../../helpers/traffic/plan.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import type { TrafficCall } from '../../../helpers/traffic/records.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import { sessionsOf, sightOf } from '../../../helpers/traffic/analysis/sight.ts';
import { isLost, outageWindows, stallWindows } from '../../../helpers/traffic/analysis/windows.ts';
import { whyBlind } from '../../../helpers/verdict/watch.ts';
import { planFor, readTraffic, startEndpoint } from './rig.ts';

/** Real traffic to a real process on loopback that misbehaves at known moments. */
test.describe('the instrument', { tag: '@static' }, () => {
  let endpoint: Awaited<ReturnType<typeof startEndpoint>>;

  test.beforeEach(async () => {
    endpoint = await startEndpoint();
  });

  test.afterEach(() => endpoint.stop());

  /** Traffic with `meanwhile` in the middle of it. */
  async function watch(file: string, meanwhile: () => unknown) {
    const traffic = await startTraffic(planFor(endpoint.url, file));
    try {
      await delay(2_000);
      await meanwhile();
      await delay(1_500);
      await traffic.stop();
    } finally {
      traffic.kill();
    }
  }

  function read(file: string) {
    const records = readTraffic(file);
    const calls = records.filter(isTrafficCall);
    const end = records.findLast((record) => record.type === 'traffic-end');
    if (end === undefined) throw new Error('the history has no end');
    const of = (path: PathName): TrafficCall[] => calls.filter((call) => call.path === path);
    return { calls, end, of, short: [...of('new-connection'), ...of('kept-alive')] };
  }

  test('should find an outage where it was, and no other', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    let truth = { start: 0, end: 0 };
    await watch(file, async () => {
      truth = await endpoint.inject('outage', 100);
    });
    const { short, calls, end } = read(file);
    const windows = outageWindows(short);
    expect(windows).toHaveLength(1);
    const [window] = windows;
    expect(Math.abs((window?.start ?? 0) - truth.start)).toBeLessThan(50);
    expect(Math.abs((window?.end ?? 0) - truth.end)).toBeLessThan(50);
    expect(whyBlind(sightOf(calls, end, 50))).toBeUndefined();
  });

  test('should tell a stall from an outage', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    await watch(file, () => endpoint.inject('stall', 600));
    const { short } = read(file);
    expect(outageWindows(short)).toEqual([]);
    expect(stallWindows(short, 300)).toHaveLength(1);
  });

  test('should count an error inside HTTP 200 as a lost call', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    await watch(file, () => endpoint.inject('tool-error', 1_000));
    const lost = read(file).short.filter(isLost);
    expect(lost.length).toBeGreaterThan(50);
    expect(new Set(lost.map(({ outcome, httpStatus }) => `${outcome} ${String(httpStatus)}`))).toEqual(
      new Set(['tool-error 200']),
    );
  });

  test('should notice that sessions are gone', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    let start = 0;
    await watch(file, () => {
      start = performance.timeOrigin + performance.now();
      endpoint.tell({ type: 'forget-sessions' });
    });
    const { calls, of } = read(file);
    expect(of('control').filter(isLost)).toEqual([]);
    const { watched, lost } = sessionsOf(calls, { start });
    expect(watched).toBe(10);
    expect(lost).toHaveLength(10);
  });

  test('should send long calls of each length when it is told to', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    const longCall = { tool: 'echo', arguments: {}, secondsArgument: 'seconds', expect: 'well', lengths: [1, 2] };
    const traffic = await startTraffic(planFor(endpoint.url, file, { longCall }));
    await traffic.launchLongCalls();
    await traffic.stop();
    const launched = read(file)
      .of('in-flight')
      .filter((call) => call.launched);
    expect(launched.map(({ length, outcome }) => [length, outcome])).toEqual([
      [1, 'served'],
      [2, 'served'],
    ]);
  });

  test('should refuse an endpoint that cannot be used from the start', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    await endpoint.stop();
    await expect(startTraffic(planFor(endpoint.url, file))).rejects.toThrow(
      /Traffic could not be made: .*ECONNREFUSED/,
    );
    expect(existsSync(file)).toBe(false);
  });
});
