import type { History } from '../../helpers/history/history.ts';
import type { PathName } from '../../helpers/traffic/plan.ts';
import type { TrafficCall } from '../../helpers/traffic/records.ts';
import { countOf } from '../../helpers/traffic/analysis/calls.ts';
import type { Calls } from '../../helpers/traffic/analysis/calls.ts';
import { describeLatency, latencyOf } from '../../helpers/traffic/analysis/latency.ts';
import { momentsOf } from './moments.ts';
import type { Moment } from './moments.ts';
import { serversOf } from './servers.ts';
import type { Server } from './servers.ts';
import { isLost, lengthOf, outageWindows, waited } from '../../helpers/traffic/analysis/windows.ts';
import type { Window } from '../../helpers/traffic/analysis/windows.ts';

/** Paths in the order in which they are drawn. */
export const PATHS = ['new-connection', 'kept-alive', 'session', 'in-flight'] as const satisfies PathName[];
export type DrawnPath = (typeof PATHS)[number];

/** A call as a dot: seconds since the change began, and what the client waited beyond the call's own length, in ms. */
export interface Dot {
  at: number;
  waitedMs: number;
  text: string;
}

/** An interval in seconds since the change began. */
export interface Span {
  from: number;
  to: number;
  text: string;
}

export interface TrafficChart {
  title: string;
  served: Record<DrawnPath, Dot[]>;
  lost: Dot[];
  /** Calls in flight, the longest first. */
  long: (Span & { length: number; lost: boolean })[];
  outages: Span[];
  change: Span;
  /** Who answered when. */
  servers: Server[];
  moments: Moment[];
  /** What is drawn, in seconds since the change began. */
  extent: { from: number; to: number };
  /** The same in words, a line each. */
  text: string;
}

/** Arranges the traffic around a change for drawing; undefined when there was none. */
export function trafficChartOf(history: History): TrafficChart | undefined {
  const { calls } = history.traffic;
  const change = changeIn(history);
  if (calls.length === 0 || change === undefined) return undefined;
  const since = (moment: number) => (moment - change.start) / 1000;
  const of = (path: PathName) => calls.filter((call) => call.path === path);
  const windows = PATHS.flatMap((path) =>
    path === 'in-flight' ? [] : outageWindows(of(path)).map((window) => ({ path, window })),
  );
  const seconds = since(change.end);
  const servers = serversOf(calls, since);
  const extent = extentOf(calls, since, seconds);
  const moments = momentsOf(history, { servers, since, ...extent });
  return {
    title: `${history.begin?.experiment ?? 'Experiment'} on ${history.begin?.target ?? 'an unnamed target'}: calls over time; the change (grey) took ${seconds.toFixed(1)} s`,
    served: Object.fromEntries(
      PATHS.map((path) => [path, drawnOf(of(path).filter((call) => !isLost(call))).map((call) => dotOf(call, since))]),
    ) as Record<DrawnPath, Dot[]>,
    lost: drawnOf(calls.filter((call) => call.path !== 'control' && isLost(call))).map((call) => dotOf(call, since)),
    long: drawnOf(of('in-flight'))
      .map((call) => ({ ...spanOf(call, since), length: call.length ?? 0, lost: isLost(call) }))
      .toSorted((a, b) => b.length - a.length || a.from - b.from),
    outages: windows.map(({ window }) => outageSpan(window, since)),
    change: { from: 0, to: seconds, text: 'the change' },
    servers,
    moments,
    extent,
    text: [
      ...linesOf(history, calls, seconds, windows),
      ...servers.map(({ name, answers }) => answersLine(name, answers)),
      ...moments.map(({ at, text }) => `- at ${at.toFixed(1)} s: ${text}`),
    ].join('\n'),
  };
}

/** Calls of a kind that are drawn at most, evenly over time: more of them tell nothing more, and nobody could open the picture. */
const DRAWN = 10_000;

function drawnOf(calls: Calls): TrafficCall[] {
  const every = Math.ceil(calls.length / DRAWN);
  const drawn: TrafficCall[] = [];
  let index = 0;
  for (const call of calls) if (index++ % every === 0) drawn.push(call);
  return drawn;
}

/** The change, or several from the beginning of the first one to the end of the last. */
function changeIn(history: History): { start: number; end: number } | undefined {
  const single = history.step('change');
  if (single !== undefined) return single;
  const several = history.steps.filter(({ id }) => id.startsWith('change.'));
  const [first, last] = [several[0], several.at(-1)];
  return first === undefined || last === undefined ? undefined : { start: first.start, end: last.end };
}

function dotOf(call: TrafficCall, since: (moment: number) => number): Dot {
  const by = call.servedBy?.gateway ?? call.servedBy?.pod;
  const how =
    call.outcome === 'served' ? 'served' : `${call.outcome}${call.error === undefined ? '' : `: ${call.error}`}`;
  return {
    at: since(call.start),
    waitedMs: Math.max(0.1, waited(call)),
    text: `${call.path}: ${how}, ${waited(call).toFixed(0)} ms${by === undefined ? '' : `, by ${by}`}`,
  };
}

function spanOf(call: TrafficCall, since: (moment: number) => number): Span {
  return {
    from: since(call.start),
    to: since(call.end),
    text: `${String(call.length ?? 0)} s call: ${call.outcome}${call.error === undefined ? '' : `: ${call.error}`}`,
  };
}

function outageSpan(window: Window, since: (moment: number) => number): Span {
  return {
    from: since(window.start),
    to: since(window.end),
    text: `${lengthOf(window).toFixed(0)} ms`,
  };
}

function linesOf(
  history: History,
  calls: Calls,
  seconds: number,
  windows: readonly { path: PathName; window: Window }[],
): string[] {
  const lines = PATHS.flatMap((path) => {
    const own = calls.filter((call) => call.path === path);
    if (own.length === 0) return [];
    const outages = windows
      .filter((entry) => entry.path === path)
      .map(({ window }) => `${lengthOf(window).toFixed(0)} ms`);
    return [
      `- ${path}: ${String(countOf(own, isLost))} of ${String(own.length)} calls lost, ${describeLatency(latencyOf(own))}${outages.length === 0 ? '' : `, outages of ${outages.join(', ')}`}`,
    ];
  });
  return [`${history.begin?.experiment ?? ''}: the change took ${seconds.toFixed(1)} s.`, ...lines];
}

function answersLine(name: string, answers: readonly number[]): string {
  const [first = 0, last = 0] = [answers[0], answers.at(-1)];
  return `- answered by ${name}: ${String(answers.length)} calls, from ${first.toFixed(1)} s to ${last.toFixed(1)} s`;
}

/** In whole seconds, as the axis is drawn. */
function extentOf(calls: Calls, since: (moment: number) => number, changed: number): TrafficChart['extent'] {
  let [from, to] = [0, Math.max(1, changed)];
  for (const { start, end } of calls) {
    from = Math.min(from, since(start));
    to = Math.max(to, since(end));
  }
  return { from: Math.floor(from), to: Math.ceil(to) };
}
