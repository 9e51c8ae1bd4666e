import { setTimeout as delay } from 'node:timers/promises';
import { exactInterval } from '../../../helpers/statistics/proportions.ts';
import type { Calls } from '../../../helpers/traffic/analysis/calls.ts';
import { smallestOutage } from '../../../helpers/traffic/analysis/sight.ts';
import { MERGE_GAP_MS, outageWindows, stallWindows } from '../../../helpers/traffic/analysis/windows.ts';
import type { Window } from '../../../helpers/traffic/analysis/windows.ts';
import { quantile } from '../bench/measure.ts';
import type { Fault } from '../traffic/endpoint.ts';
import { watching } from './watched.ts';

/** Lengths of a fault that are injected in turn, in ms, and how often each of them is. */
export interface Series {
  fault: Fault;
  lengths: readonly number[];
  rounds: number;
}

/** What the endpoint really did, and when, in ms since the epoch. */
export interface Injection {
  durationMs: number;
  truth: { start: number; end: number };
  /** The smallest outage that the run itself says it would have seen just then, in ms. */
  statedMs: number;
}

/** How often a fault of one length was found. */
export interface Detected {
  fault: Fault;
  durationMs: number;
  injected: number;
  found: number;
  /** Those that were missed though the run says that it would have seen them. */
  unaware: number;
  /** The exact 95 % interval of the share that is found. */
  share: { from: number; to: number };
  /** How far the edges of the windows lay from the truth, in ms; undefined where none was found. */
  edges: { p50: number; p95: number; max: number; withinStated: number; of: number } | undefined;
}

export interface Detection {
  detected: Detected[];
  /** Windows at which nothing was injected. */
  falseWindows: number;
}

const CONFIDENCE = 0.95;
/** Calls that wait longer are stalled; far above what a call to loopback takes, below what is injected. In ms. */
const STALL_LIMIT_MS = 60;
/** What an edge may lie beside its stated error, in ms: the truth is told where a call arrives, the window where it was sent. */
const ON_THE_WAY_MS = 1;

/** Injects all lengths in turn, in another order each round, and looks where the suite's own analysis finds them. */
export async function detect({ fault, lengths, rounds }: Series): Promise<Detection> {
  const { done, history } = await watching(async ({ endpoint }) => {
    const injections: Omit<Injection, 'statedMs'>[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const durationMs of shuffled(lengths)) {
        injections.push({ durationMs, truth: await endpoint.inject(fault, durationMs) });
        // Far enough apart not to be taken for one, and never in step with the schedule.
        await delay(MERGE_GAP_MS + 60 + Math.random() * 20);
      }
    }
    return injections;
  });
  const { calls } = history.traffic;
  const injections = done.map((injection) => ({ ...injection, statedMs: statedAround(injection.truth, calls) }));
  return detectionOf(fault, injections, windowsIn(calls, fault));
}

/** Before and after an injection, in ms: at least two calls of each path. */
const AROUND_MS = 30;

/** As the checks say it of a change; the path that looked closer counts, for one is enough. */
function statedAround({ start, end }: Injection['truth'], calls: Calls): number {
  const around = calls.filter((call) => call.start >= start - AROUND_MS && call.start <= end + AROUND_MS);
  const stated = PATHS.map((path) => {
    const own = around.filter((call) => call.path === path);
    return smallestOutage(own, { from: start - AROUND_MS, to: end + AROUND_MS }) ?? Infinity;
  });
  return Math.min(...stated);
}

/** Paths on which outages have edges. */
const PATHS = ['new-connection', 'kept-alive'] as const;

/** As the checks look at them: each path by itself. */
function windowsIn(calls: Calls, fault: Fault): Window[] {
  return PATHS.flatMap((path) => {
    const own = calls.filter((call) => call.path === path);
    return fault === 'stall' ? stallWindows(own, STALL_LIMIT_MS) : outageWindows(own);
  });
}

/** Pure: what was found of what was injected. A window belongs to the injection that it lies at. */
export function detectionOf(fault: Fault, injections: readonly Injection[], windows: readonly Window[]): Detection {
  const found = injections.map((injection) => ({
    ...injection,
    windows: windows.filter((window) => liesAt(window, injection)),
  }));
  const explained = new Set(found.flatMap((injection) => injection.windows));
  const lengths = [...new Set(injections.map(({ durationMs }) => durationMs))].toSorted((a, b) => a - b);
  return {
    falseWindows: windows.filter((window) => !explained.has(window)).length,
    detected: lengths.map((durationMs) => {
      const own = found.filter((injection) => injection.durationMs === durationMs);
      const hits = own.filter((injection) => injection.windows.length > 0).length;
      return {
        fault,
        durationMs,
        injected: own.length,
        found: hits,
        unaware: own.filter(
          ({ windows: at, statedMs, truth }) => at.length === 0 && truth.end - truth.start > statedMs + ON_THE_WAY_MS,
        ).length,
        share: exactInterval({ hits, of: own.length }, CONFIDENCE),
        edges: edgesOf(own),
      };
    }),
  };
}

function liesAt({ start, end }: Window, { truth }: Injection): boolean {
  return start < truth.end + MERGE_GAP_MS / 2 && end > truth.start - MERGE_GAP_MS / 2;
}

function edgesOf(found: readonly { truth: Injection['truth']; windows: readonly Window[] }[]): Detected['edges'] {
  const edges = found.flatMap(({ truth, windows }) =>
    windows.flatMap((window) =>
      (['start', 'end'] as const).map((edge) => ({
        offMs: Math.abs(window[edge] - truth[edge]),
        statedMs: window.error[edge] + ON_THE_WAY_MS,
      })),
    ),
  );
  if (edges.length === 0) return undefined;
  const off = edges.map(({ offMs }) => offMs);
  return {
    p50: quantile(off, 0.5),
    p95: quantile(off, 0.95),
    max: quantile(off, 1),
    withinStated: edges.filter(({ offMs, statedMs }) => offMs <= statedMs).length,
    of: edges.length,
  };
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
