import type { PathName } from '../../../../helpers/traffic/plan.ts';
import type { TrafficCall, TrafficRecord } from '../../../../helpers/traffic/records.ts';

/** The traffic around a change as an observer writes it down that saw everything, and ways to damage it. */

export type TrafficDamage = (records: TrafficRecord[]) => TrafficRecord[];

interface Span {
  /** In ms since the epoch. */
  start: number;
  end: number;
}

/** How long traffic runs before and after the change, in ms. */
const AROUND_MS = 5_000;
/** Between two calls of a path, in ms. */
const EVERY_MS = 100;
const SESSIONS = 3;
const LENGTHS = [1, 6];

export const toolset = 'a1b2c3d4';
export const tools = ['tools-echo', 'tools-fail', 'tools-progress'];

/** Everything is served, within a few milliseconds. */
export function steadyTraffic(change: Span): TrafficRecord[] {
  const [from, to] = [change.start - AROUND_MS, change.end + AROUND_MS];
  const calls = [
    ...path('new-connection', from, to, { tool: 'tools-echo' }),
    ...path('kept-alive', from, to, { tool: 'tools-echo', reused: true }),
    ...path('control', from, to, { method: 'GET' }),
    ...Array.from({ length: SESSIONS }, (_, session) =>
      path('session', from + session, to, { method: 'tools/list', session, toolset }),
    ).flat(),
    ...LENGTHS.map((length) => call('in-flight', change.start - 5, { length, launched: true, tool: 'tools-slow' })),
  ];
  const scheduled = calls.filter(({ launched }) => launched !== true).length;
  return [
    {
      type: 'traffic',
      at: from,
      url: 'http://10.212.0.2:30080/mcp',
      offered: { 'new-connection': 10, 'kept-alive': 10, session: 30, control: 10 },
      sessions: SESSIONS,
      lengths: LENGTHS,
      protocol: '2025-11-25',
      stateful: true,
      priority: 'real-time',
    },
    { type: 'toolset', at: from, toolset, tools },
    ...calls.toSorted((a, b) => a.end - b.end).map((one, index) => ({ ...one, id: String(index + 1) })),
    {
      type: 'traffic-end',
      at: to,
      due: scheduled,
      sent: scheduled,
      unfinished: 0,
      cpuMs: 300,
      elapsedMs: to - from,
    },
  ];
}

function path(name: PathName, from: number, to: number, facts: Partial<TrafficCall>): TrafficCall[] {
  const count = Math.floor((to - from) / EVERY_MS);
  return Array.from({ length: count }, (_, index) => call(name, from + index * EVERY_MS, facts));
}

function call(name: PathName, due: number, facts: Partial<TrafficCall>): TrafficCall {
  const { length = 0 } = facts;
  const start = due + 0.2;
  return {
    type: 'call',
    id: '0',
    path: name,
    method: 'tools/call',
    due,
    start,
    end: start + length * 1000 + 8,
    outcome: 'served',
    httpStatus: 200,
    ...facts,
  };
}

const lost = (call: TrafficCall): TrafficCall => ({ ...call, outcome: 'network-error', error: 'ECONNREFUSED' });

/** The last call of a path is lost, which is during or after the change. */
export function loses(name: PathName): { traffic: TrafficDamage } {
  return on(name, lost);
}

/** A call that is not the last one of its client is lost: whoever it belongs to goes on. */
export function losesOne(name: PathName): { traffic: TrafficDamage } {
  return on(name, lost, SESSIONS * 5);
}

/** The control endpoint, which no change touches, was away all the time: nothing can be said about anything else. */
export const blind: { traffic: TrafficDamage } = {
  traffic: (records) =>
    records.map((record) => (record.type === 'call' && record.path === 'control' ? lost(record) : record)),
};

/** The same call waits for six seconds. */
export function stalls(name: PathName): { traffic: TrafficDamage } {
  return on(name, (call) => ({ ...call, end: call.end + 6_000 }));
}

/** @param before how many calls of the path come after the one that is damaged. */
function on(name: PathName, damage: (call: TrafficCall) => TrafficCall, before = 0): { traffic: TrafficDamage } {
  return {
    traffic: (records) => {
      const own = records.flatMap((record, index) => (record.type === 'call' && record.path === name ? [index] : []));
      const chosen = own.at(-1 - before);
      return records.map((record, index) => (index === chosen && record.type === 'call' ? damage(record) : record));
    },
  };
}

/** Of the machine's time its host gave this share, from 0 to 1, to others while the traffic ran. */
export function stolenFrom(records: readonly TrafficRecord[], share: number): TrafficRecord[] {
  const [from, to] = [Math.min, Math.max].map((bound) =>
    bound(...records.flatMap((record) => ('at' in record ? [record.at] : []))),
  );
  const machine = (at = 0, total: number) => ({ type: 'machine' as const, at, total, stolen: total * share });
  return [...records, machine(from, 0), machine(to, 1_000)];
}
