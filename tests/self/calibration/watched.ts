import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { History, now } from '../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../helpers/history/records.ts';
import { TrafficLog } from '../../../helpers/history/traffic-log.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import type { Traffic } from '../../../helpers/traffic/traffic.ts';
import { trafficChecks } from '../../../helpers/verdict/checks/traffic.ts';
import type { Check } from '../../../helpers/verdict/types.ts';
import { planFor, startEndpoint } from '../traffic/rig.ts';

/** How long traffic runs before anything is done to it, in ms: connections are open by then, and code is compiled. */
const BASELINE_MS = 2_000;
const HOUR_MS = 3_600_000;

/** Real traffic to the endpoint with known truth, and what was done meanwhile. */
export interface Rig {
  endpoint: Awaited<ReturnType<typeof startEndpoint>>;
  traffic: Traffic;
  /** A change as an experiment records it, so that the suite's own checks judge it: after `aroundMs` of calm, and followed by as much. */
  change: (name: string, aroundMs: number, work: () => Promise<unknown>) => Promise<void>;
}

/** Watches the endpoint while `work` is done, and reads back what was written down. */
export async function watching<T>(work: (rig: Rig) => Promise<T>): Promise<{ done: T; history: History }> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-calibration-'));
  const file = join(folder, 'traffic.jsonl');
  const records: HistoryRecord[] = [
    { type: 'begin', at: now(), experiment: 'calibration', target: 'endpoint', run: 'calibration' },
  ];
  const step = (id: string, start: number) =>
    records.push({ type: 'step', id, title: id, start, end: now(), ok: true });
  const endpoint = await startEndpoint();
  try {
    const limits = { callMs: 5_000, totalMs: 24 * HOUR_MS };
    const traffic = await startTraffic(planFor(endpoint.url, file, { limits }));
    try {
      await delay(BASELINE_MS);
      const done = await work({
        endpoint,
        traffic,
        async change(name, aroundMs, act) {
          const calm = now();
          await delay(aroundMs);
          step(`traffic.baseline.${name}`, calm);
          const start = now();
          await act();
          await delay(aroundMs);
          step(`change.${name}`, start);
        },
      });
      await traffic.stop();
      const log = TrafficLog.read(file);
      return { done, history: new History(records, () => log) };
    } finally {
      traffic.kill();
    }
  } finally {
    await endpoint.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the suite makes of a change: whether it says that its observer was blind, and the checks that are red. */
export function verdictOn(history: History, name: string): { blind: boolean; red: string[] } {
  const { observerSaw, ...checks } = trafficChecks('calibration', 'nothing is changed', name);
  const isRed = (check: Check) => check.evaluate(history).verdict === 'fail';
  return {
    blind: observerSaw.evaluate(history).verdict === 'inconclusive',
    red: [observerSaw, ...Object.values(checks)].filter(isRed).map(({ id }) => id),
  };
}
