import type { TrafficCall } from '../records.ts';
import { latencyOf } from './latency.ts';
import type { Latency } from './latency.ts';
import { isLost, outageWindows, summaryOf, waited } from './windows.ts';

/** What calls amount to. Figures are undefined where no call is behind them. */
export interface Figures {
  calls: number;
  lost: number;
  /** Share of the calls that were lost. */
  errorRate: number | undefined;
  /** What served calls waited on average, in ms. */
  averageMs: number | undefined;
  latency: Latency;
  /** Share of the time in which calls were served, on the path on which that was worst. */
  availability: number | undefined;
}

/** The figures by which a version is judged. The control endpoint does not belong to it. */
export function figuresOf(all: readonly TrafficCall[]): Figures {
  const calls = all.filter(({ path }) => path !== 'control');
  const lost = calls.filter(isLost);
  const served = calls.filter((call) => !isLost(call));
  return {
    calls: calls.length,
    lost: lost.length,
    errorRate: calls.length === 0 ? undefined : lost.length / calls.length,
    averageMs: served.length === 0 ? undefined : served.reduce((sum, call) => sum + waited(call), 0) / served.length,
    latency: latencyOf(calls),
    availability: availabilityOf(calls),
  };
}

/** Of the two paths that look often enough for outages to have edges. */
function availabilityOf(calls: readonly TrafficCall[]): number | undefined {
  const shares = (['new-connection', 'kept-alive'] as const).flatMap((path) => {
    const own = calls.filter((call) => call.path === path);
    const starts = own.map(({ start }) => start);
    const [from, to] = [Math.min(...starts), Math.max(...starts)];
    if (own.length < 2 || to <= from) return [];
    return [1 - Math.min(1, summaryOf(outageWindows(own, { from, to })).totalMs / (to - from))];
  });
  return shares.length === 0 ? undefined : Math.min(...shares);
}

/** The calls that this version answered. */
export function answeredBy(calls: readonly TrafficCall[], version: string): TrafficCall[] {
  return calls.filter(({ servedBy }) => servedBy?.version === version);
}

/**
 * The calls that a new version is answerable for: those that it answered, and from its first answer on those that were lost without
 * anybody owning up to them, for a version that cannot even answer must not look better for it.
 */
export function answerableBy(calls: readonly TrafficCall[], version: string): TrafficCall[] {
  const own = answeredBy(calls, version);
  const live = Math.min(...own.map(({ start }) => start));
  return calls.filter(
    (call) =>
      call.servedBy?.version === version ||
      (call.servedBy?.version === undefined && call.path !== 'control' && isLost(call) && call.start >= live),
  );
}
