import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { outageWindows, MERGE_GAP_MS, stallWindows } from '../../../helpers/traffic/analysis/windows.ts';
import type { Window } from '../../../helpers/traffic/analysis/windows.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import type { TrafficCall } from '../../../helpers/traffic/records.ts';
import { startTraffic } from '../../../helpers/traffic/traffic.ts';
import type { Fault } from '../traffic/endpoint.ts';
import { planFor, readTraffic, startEndpoint } from '../traffic/rig.ts';
import type { Figure } from './measure.ts';

/** An outage that really was, and the window in which the instrument found it. */
interface Injection {
  durationMs: number;
  truth: { start: number; end: number };
  found: Window | undefined;
}

const OUTAGES_MS = [5, 10, 20, 50, 100, 500];
const STALLS_MS = [100, 200, 500];
/** Calls that wait longer are stalled; far above what a call to loopback takes, below what shall be found. */
const STALL_LIMIT_MS = 60;

/** How well outages and stalls of known length are found, at 200 calls a second. @param times how often each length is injected. */
export async function detection(times: number): Promise<Figure[]> {
  const outages = await inject('outage', OUTAGES_MS, times, (calls) => outageWindows(calls));
  const stalls = await inject('stall', STALLS_MS, Math.ceil(times / 5), (calls) => stallWindows(calls, STALL_LIMIT_MS));
  return [
    ...OUTAGES_MS.flatMap((durationMs) => figuresOf('outage', durationMs, outages, { promised: durationMs >= 10 })),
    falseAlarms('outage', outages),
    ...STALLS_MS.flatMap((durationMs) => figuresOf('stall', durationMs, stalls, { promised: true })),
    falseAlarms('stall', stalls),
  ];
}

async function inject(
  fault: Fault,
  durations: readonly number[],
  times: number,
  windowsOf: (calls: TrafficCall[]) => Window[],
): Promise<{ injections: Injection[]; windows: Window[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-detection-'));
  const file = join(folder, 'traffic.jsonl');
  const endpoint = await startEndpoint();
  const traffic = await startTraffic(planFor(endpoint.url, file, { limits: { callMs: 5_000, totalMs: 3_600_000 } }));
  try {
    await delay(2_000);
    const truths: Omit<Injection, 'found'>[] = [];
    for (let round = 0; round < times; round++) {
      for (const durationMs of durations) {
        truths.push({ durationMs, truth: await endpoint.inject(fault, durationMs) });
        // Far enough apart not to be taken for one outage, and never in step with the schedule.
        await delay(2 * MERGE_GAP_MS + Math.random() * 20);
      }
    }
    await traffic.stop();
    const calls = readTraffic(file)
      .filter(isTrafficCall)
      .filter(({ path }) => path === 'new-connection' || path === 'kept-alive');
    const windows = windowsOf(calls);
    const injections = truths.map(({ durationMs, truth }) => ({
      durationMs,
      truth,
      found: windows.find(
        ({ start, end }) => start < truth.end + MERGE_GAP_MS / 2 && end > truth.start - MERGE_GAP_MS / 2,
      ),
    }));
    return { injections, windows };
  } finally {
    traffic.kill();
    await endpoint.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(
  fault: Fault,
  durationMs: number,
  { injections }: { injections: Injection[] },
  { promised }: { promised: boolean },
): Figure[] {
  const own = injections.filter((injection) => injection.durationMs === durationMs);
  const found = own.flatMap(({ truth, found: window }) => (window === undefined ? [] : [{ truth, window }]));
  const missed = own.length - found.length;
  const edges = found.flatMap(({ truth, window }) => [
    Math.abs(window.start - truth.start),
    Math.abs(window.end - truth.end),
  ]);
  return [
    {
      name: `${fault} of ${String(durationMs)} ms: missed of ${String(own.length)}`,
      unit: 'count',
      samples: [missed],
      limits: promised ? [{ statistic: 'max', atMost: 0 }] : [],
    },
    {
      name: `${fault} of ${String(durationMs)} ms: error of the edges`,
      unit: 'ms',
      samples: edges.length === 0 ? [Number.NaN] : edges,
      limits: promised && fault === 'outage' ? [{ statistic: 'max', atMost: 5 }] : [],
    },
  ];
}

function falseAlarms(fault: Fault, { injections, windows }: { injections: Injection[]; windows: Window[] }): Figure {
  const explained = new Set(injections.map(({ found }) => found));
  return {
    name: `${fault}s found that were none`,
    unit: 'count',
    samples: [windows.filter((window) => !explained.has(window)).length],
    limits: [{ statistic: 'max', atMost: 0 }],
    note: `${String(injections.length)} injected`,
  };
}
