import { expect } from '@playwright/test';
import { batchOf, predictionsOf } from '../../../helpers/serving/requests.ts';
import type { ModelTarget } from '../../../helpers/target/model/schema.ts';
import { predictPort } from '../../../helpers/target/model/serving.ts';
import { clockOffsetMs } from '../../../helpers/traffic/clock.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import { readTraffic } from '../traffic/rig.ts';
import type { Served } from './served.ts';

/** Calls of each path that are waited for. */
const CALLS = 10;

/** The traffic asks that server in its protocol by every path, and says of each call by which version it was served. */
export async function expectTraffic(served: Served, target: ModelTarget, version: string, file: string): Promise<void> {
  const batch = batchOf(target);
  const traffic = await startTraffic({
    kind: 'predictions',
    url: served.url(predictPort(target.serving)),
    predictions: predictionsOf(target),
    ...(batch === undefined ? {} : { batch }),
    rates: { newConnection: 10, keptAlive: 10, batch: 10, session: 10, control: 1 },
    sessions: 2,
    file,
    clockOffsetMs: clockOffsetMs(),
    limits: { callMs: 30_000, totalMs: 120_000 },
  });
  const paths = ['new-connection', 'kept-alive', 'batch', 'session'] as const;
  const callsOf = (path: string) =>
    readTraffic(file)
      .filter(isTrafficCall)
      .filter((call) => call.path === path);
  try {
    await expect
      .poll(() => Math.min(...paths.map((path) => callsOf(path).length)), { timeout: 60_000 })
      .toBeGreaterThan(CALLS);
    await traffic.stop();
  } finally {
    traffic.kill();
  }
  for (const path of paths)
    for (const call of callsOf(path)) expect(call, path).toMatchObject({ outcome: 'served', servedBy: { version } });
}
