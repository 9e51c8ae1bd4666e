import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { batchOf, predictionsOf } from '../../../helpers/serving/requests.ts';
import { clockOffsetMs } from '../../../helpers/traffic/clock.ts';
import type { PathName, PredictionTrafficPlan } from '../../../helpers/traffic/plan.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import { isLost } from '../../../helpers/traffic/analysis/windows.ts';
import { model } from '../unit/target/model.ts';
import { startModelEndpoint } from './model-endpoint.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { readTraffic } from './rig.ts';

const target = model({
  samples: [
    { name: 'two', input: { features: [2] }, expected: { class: 'even' } },
    { name: 'three', input: { features: [3] }, expected: { class: 'odd' } },
  ],
});

/** Real predictions of a real process of a model server that is told what to do. */
test.describe('traffic by predictions', { tag: '@static' }, () => {
  let endpoint: ModelEndpoint;

  test.beforeEach(async () => {
    endpoint = await startModelEndpoint();
  });

  test.afterEach(() => endpoint.stop());

  function plan(file: string): PredictionTrafficPlan {
    const batch = batchOf(target);
    return {
      kind: 'predictions',
      url: endpoint.url,
      predictions: predictionsOf(target),
      ...(batch === undefined ? {} : { batch }),
      rates: { newConnection: 45, keptAlive: 45, batch: 5, session: 6, control: 10 },
      sessions: 3,
      control: { url: new URL('/control', endpoint.url).href },
      file,
      clockOffsetMs: clockOffsetMs(),
      limits: { callMs: 5_000, totalMs: 600_000 },
    };
  }

  async function watch(file: string, meanwhile: () => unknown) {
    const traffic = await startTraffic(plan(file));
    try {
      await delay(1_500);
      await meanwhile();
      await delay(1_000);
      await traffic.stop();
    } finally {
      traffic.kill();
    }
    const records = readTraffic(file);
    const calls = records.filter(isTrafficCall);
    return { records, calls, of: (path: PathName) => calls.filter((call) => call.path === path) };
  }

  test('should say of every call which version served it', async ({}, testInfo) => {
    const { of, calls, records } = await watch(testInfo.outputPath('traffic.jsonl'), () => {
      endpoint.become({ version: 'v2' });
    });
    expect(calls.filter(isLost)).toEqual([]);
    for (const path of ['new-connection', 'kept-alive', 'batch', 'session'] as const) {
      const versions = of(path).map(({ servedBy }) => servedBy?.version);
      expect([...new Set(versions)], path).toEqual(['v1', 'v2']);
      expect(versions, path).toEqual(versions.toSorted());
    }
    expect(of('new-connection').some(({ reused }) => reused)).toBe(false);
    expect(of('kept-alive').some(({ reused }) => reused)).toBe(true);
    expect(records[0]).toMatchObject({ type: 'traffic', protocol: 'rest', sessions: 3 });
  });

  test('should count a wrong prediction inside HTTP 200 as a lost call, whatever the path', async ({}, testInfo) => {
    const { of } = await watch(testInfo.outputPath('traffic.jsonl'), () => {
      endpoint.become({ version: 'v2', behaviour: 'wrong' });
    });
    for (const path of ['new-connection', 'kept-alive', 'batch', 'session'] as const) {
      // A busy machine may leave some without an answer at all; what counts here are answers.
      const lost = of(path).filter((call) => isLost(call) && call.httpStatus !== undefined);
      expect(lost.length, path).toBeGreaterThan(0);
      for (const call of lost)
        expect(call).toMatchObject({ outcome: 'wrong-payload', httpStatus: 200, servedBy: { version: 'v2' } });
    }
    expect(of('control').filter(isLost)).toEqual([]);
  });

  test('should count an error of the server as a lost call, of the version that it names', async ({}, testInfo) => {
    const { of } = await watch(testInfo.outputPath('traffic.jsonl'), () => {
      endpoint.become({ version: 'v2', behaviour: 'failing' });
    });
    const lost = of('new-connection').filter(isLost);
    expect(lost.length).toBeGreaterThan(20);
    expect(lost[0]).toMatchObject({ outcome: 'http-error', httpStatus: 500, servedBy: { version: 'v2' } });
  });

  test('should refuse a model that does not predict its samples from the start', async ({}, testInfo) => {
    endpoint.become({ behaviour: 'wrong' });
    await expect(startTraffic(plan(testInfo.outputPath('traffic.jsonl')))).rejects.toThrow(
      /Traffic could not be made: the prediction of two is not served: wrong-payload: two: class is "odd" instead of "even"/,
    );
  });
});
