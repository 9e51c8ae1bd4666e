import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HistoryWriter, TRAFFIC_FILE } from '../../../helpers/history/history.ts';
import type { TrafficRecord } from '../../../helpers/traffic/records.ts';

/** Moment at which long histories begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;
/** Between two calls, in ms: 200 a second. */
const EVERY_MS = 5;
const SESSIONS = 10;
/** The change is in the middle; within it nothing is served for a while, and then answers wait for a while. In ms. */
const CHANGE_MS = 20_000;
const OUTAGE = { from: 2_000, to: 2_800 };
const STALL = { from: 10_000, to: 16_000 };
/** Lines that are written at once. */
const BATCH = 10_000;

/** Writes a history with that many calls around one change as the observer writes it, in bounded memory. */
export function writeLongHistory(folder: string, calls: number): void {
  const change = START + (calls * EVERY_MS) / 2;
  const run = { experiment: 'config.add-tool', target: 'bench', run: 'bench' };
  const history = HistoryWriter.begin(join(folder, 'history.jsonl'), run);
  history.append({ type: 'step', id: 'traffic.baseline', title: 'Traffic', start: START, end: change, ok: true });
  history.append({
    type: 'step',
    id: 'change',
    title: 'Change',
    start: change,
    end: change + CHANGE_MS,
    ok: true,
  });
  const file = openSync(join(folder, TRAFFIC_FILE), 'w');
  try {
    let lines: string[] = [];
    const write = (record: TrafficRecord | string) => {
      lines.push(typeof record === 'string' ? record : JSON.stringify(record));
      if (lines.length >= BATCH) flush();
    };
    const flush = () => {
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    };
    write({
      type: 'traffic',
      at: START,
      url: 'http://10.199.0.1:30844/mcp',
      offered: { 'new-connection': 90, 'kept-alive': 90, session: 10, control: 10 },
      sessions: SESSIONS,
      lengths: [],
      protocol: '2025-11-25',
      stateful: true,
      priority: 'real-time',
    });
    for (let index = 0; index < calls; index++) {
      // The observer writes down the CPU time twice a second.
      if (index % 100 === 0)
        write({ type: 'machine', at: START + index * EVERY_MS, total: index, stolen: index / 1_000 });
      write(callLine(index, change));
    }
    const at = START + calls * EVERY_MS + 1_000;
    const elapsedMs = at - START;
    write({ type: 'traffic-end', at, due: calls, sent: calls, unfinished: 0, cpuMs: elapsedMs / 10, elapsedMs });
    flush();
  } finally {
    closeSync(file);
  }
}

/** Nine of twenty calls over a new connection, nine over a kept one, one of a session, one to the control endpoint. */
function callLine(index: number, change: number): string {
  const lane = index % 20;
  const path = lane === 18 ? 'session' : lane === 19 ? 'control' : lane % 2 === 0 ? 'new-connection' : 'kept-alive';
  const due = START + index * EVERY_MS;
  const start = due + ((index * 7_919) % 400) / 1000;
  const within = ({ from, to }: { from: number; to: number }) =>
    path !== 'control' && due >= change + from && due < change + to;
  const quick = start + 2 + ((index * 104_729) % 3_000) / 1000;
  const end = within(STALL) ? Math.max(quick, change + STALL.to) : quick;
  const lost = within(OUTAGE);
  return JSON.stringify({
    type: 'call',
    id: String(index + 1),
    path,
    ...(path === 'control' ? { method: 'GET' } : { method: path === 'session' ? 'tools/list' : 'tools/call' }),
    ...(path === 'session' ? { session: Math.floor(index / 20) % SESSIONS } : {}),
    ...(path === 'session' || path === 'control' ? {} : { tool: 'custom-tools-echo' }),
    due,
    start: rounded(start),
    end: rounded(end),
    ...(lost ? { outcome: 'network-error', error: 'ECONNREFUSED' } : { httpStatus: 200, outcome: 'served' }),
    ...(path === 'kept-alive' ? { reused: true } : {}),
    ...(path === 'session' && !lost ? { toolset: '080a8e33' } : {}),
    ...(path === 'control' || lost
      ? {}
      : { servedBy: { pod: `custom-server-${String(index % 2)}`, version: '1.0.0' } }),
  });
}

/** As the observer tells moments: in whole microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
