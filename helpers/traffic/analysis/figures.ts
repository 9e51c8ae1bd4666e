import { thresholds } from '../../verdict/thresholds.ts';
import { countOf, startsOf } from './calls.ts';
import type { Calls } from './calls.ts';
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
  /** Share of the time in which calls were served, on the path on which that was worst; undefined without a path of enough calls. */
  availability: number | undefined;
}

/** The figures by which a version is judged. The control endpoint does not belong to it. */
export function figuresOf(all: Calls): Figures {
  const calls = all.filter(({ path }) => path !== 'control');
  const lost = countOf(calls, isLost);
  const served = calls.length - lost;
  let waitedMs = 0;
  for (const call of calls) if (!isLost(call)) waitedMs += waited(call);
  return {
    calls: calls.length,
    lost,
    errorRate: calls.length === 0 ? undefined : lost / calls.length,
    averageMs: served === 0 ? undefined : waitedMs / served,
    latency: latencyOf(calls),
    availability: availabilityOf(calls),
  };
}

/**
 * Of the two paths that look often enough for outages to have edges. A lost call is an outage as wide as the time between two calls: of the
 * first moments of a version, in which there were ten of them, that would be a tenth.
 */
function availabilityOf(calls: Calls): number | undefined {
  const shares = (['new-connection', 'kept-alive'] as const).flatMap((path) => {
    const own = calls.filter((call) => call.path === path);
    const { from, to } = startsOf(own);
    if (own.length < thresholds.rollbackSamples.value || to <= from) return [];
    return [1 - Math.min(1, summaryOf(outageWindows(own, { from, to })).totalMs / (to - from))];
  });
  return shares.length === 0 ? undefined : Math.min(...shares);
}

/** The calls that this version answered. */
export function answeredBy(calls: Calls, version: string): Calls {
  return calls.filter(({ servedBy }) => servedBy?.version === version);
}

/**
 * The calls that a new version is answerable for: those that it answered, and from its first answer on those that were lost without
 * anybody owning up to them, for a version that cannot even answer must not look better for it.
 */
export function answerableBy(calls: Calls, version: string): Calls {
  const { from: live } = startsOf(answeredBy(calls, version));
  return calls.filter(
    (call) =>
      call.servedBy?.version === version ||
      (call.servedBy?.version === undefined && call.path !== 'control' && isLost(call) && call.start >= live),
  );
}
