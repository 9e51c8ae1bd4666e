import type { PathName } from '../../../../helpers/traffic/plan.ts';
import type { TrafficCall, TrafficRecord } from '../../../../helpers/traffic/records.ts';

/** Predictions as an observer writes them down that saw everything. */

/** A time in which calls are spread over versions. */
export interface Span {
  /** In ms since the epoch. */
  start: number;
  calls: number;
  /** Version and share of the calls that it gets; what is left is lost, as nobody answers. */
  shares: Readonly<Record<string, number>>;
  /** The first of them answers so late, in ms. */
  waitMs?: number;
  /** A third of what this version answers is an error. */
  failing?: string;
  /** Users who call, each served by one version, in turn. */
  users?: number;
}

/** Between two calls, in ms. */
const EVERY_MS = 10;

export function lengthOf({ calls }: Pick<Span, 'calls'>): number {
  return calls * EVERY_MS;
}

/** The whole history of the traffic over these spans, one after the other. */
export function predictionTraffic(spans: readonly Span[]): TrafficRecord[] {
  const calls = spans.flatMap(callsOf).map((call, index) => ({ ...call, id: String(index + 1) }));
  const [first, last] = [spans[0]?.start ?? 0, calls.at(-1)?.end ?? 0];
  return [
    {
      type: 'traffic',
      at: first,
      url: 'http://10.212.0.2:30080',
      offered: { 'new-connection': 45, 'kept-alive': 45, control: 10 },
      sessions: 0,
      lengths: [],
      protocol: 'rest',
      stateful: false,
      priority: 'real-time',
    },
    ...calls,
    {
      type: 'traffic-end',
      at: last,
      due: calls.length,
      sent: calls.length,
      unfinished: 0,
      cpuMs: 300,
      elapsedMs: last - first,
    },
  ];
}

function callsOf({ start, calls, shares, waitMs = 4, failing, users = 0 }: Span): TrafficCall[] {
  const given: Record<string, number> = {};
  let answers = 0;
  return Array.from({ length: calls }, (_, index): TrafficCall => {
    const due = start + index * EVERY_MS;
    if (index % 50 === 49) return call('control', due, 4, { method: 'GET' });
    if (users > 0 && index % 25 === 10) {
      const session = Math.floor(index / 25) % users;
      return call('session', due, 4, { session, servedBy: { version: Object.keys(shares)[session % 2] ?? '' } });
    }
    const path: PathName = index % 2 === 0 ? 'new-connection' : 'kept-alive';
    answers++;
    // Whoever is furthest behind its share comes next.
    const version = Object.entries(shares).find(([name, share]) => (given[name] ?? 0) < answers * share - 1e-9)?.[0];
    if (version === undefined) return call(path, due, 1, { outcome: 'network-error', error: 'ECONNREFUSED' });
    given[version] = (given[version] ?? 0) + 1;
    const failed = version === failing && (given[version] ?? 0) % 3 === 0;
    const wait = version === Object.keys(shares)[0] ? waitMs : 4;
    return call(path, due, wait, {
      servedBy: { version },
      ...(failed ? { outcome: 'http-error', httpStatus: 500, error: 'HTTP 500' } : {}),
    });
  });
}

function call(path: PathName, due: number, waitMs: number, facts: Partial<TrafficCall>): TrafficCall {
  const times = { due, start: due + 0.2, end: due + 0.2 + waitMs };
  return { type: 'call', id: '0', path, method: 'predict', ...times, outcome: 'served', httpStatus: 200, ...facts };
}
