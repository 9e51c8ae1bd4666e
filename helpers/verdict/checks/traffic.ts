import type { History } from '../../history/history.ts';
import type { PathName } from '../../traffic/plan.ts';
import { countOf, firstOf } from '../../traffic/analysis/calls.ts';
import type { Calls } from '../../traffic/analysis/calls.ts';
import { describeLatency, latencyOf } from '../../traffic/analysis/latency.ts';
import { sessionsOf, smallestOutage } from '../../traffic/analysis/sight.ts';
import { isLost, lengthOf, outageWindows, stallWindows, summaryOf } from '../../traffic/analysis/windows.ts';
import type { Window } from '../../traffic/analysis/windows.ts';
import { check, fail, inconclusive, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';
import { ofPath, outcomesOf, underWatch, watchedIn, whyBlind } from '../watch.ts';
import type { Watched } from '../watch.ts';

/** Lines of the traffic's history that a finding names at most. */
const EVIDENCE = 5;

const paths = {
  'new-connection': 'over a new connection each',
  'kept-alive': 'over kept connections',
  'in-flight': 'in flight when the change began, or begun while it went on',
  session: 'of standing sessions',
} as const satisfies Partial<Record<PathName, string>>;

/**
 * The checks that every change under traffic is held to.
 * @param experiment that runs the change with `underTraffic`.
 * @param what is changed, as it fits into a sentence, e.g. `a tool is added`.
 * @param name of the change, where the experiment makes several.
 */
export function trafficChecks(experiment: string, what: string, name?: string) {
  const id = name === undefined ? experiment : `${experiment}.${name}`;
  const watching = (find: (history: History, watched: Watched) => Finding) => (history: History) =>
    underWatch(history, (watched) => find(history, watched), name);
  const lost = (path: keyof typeof paths): Check =>
    check({
      id: `${id}.no-call-lost.${path}`,
      title: `No call ${paths[path]} is lost when ${what}`,
      expected: `${String(thresholds.callsLost.value)} calls lost`,
      experiment,
      reason: thresholds.callsLost.reason,
      evaluate: watching((history, watched) =>
        path === 'in-flight' ? inFlight(history, watched) : noneLost(history, watched, path),
      ),
    });
  return {
    observerSaw: check({
      id: `${id}.observer-saw`,
      title: `The observer saw what happened when ${what}`,
      expected: `${String(thresholds.observerAchieved.value * 100)} % of the calls sent, none more than ${String(thresholds.observerPause.value)} ms late and at most ${String(thresholds.observerLateShare.value * 100)} % (${String(thresholds.observerLateCalls.value)} where they are few) more than ${String(thresholds.observerLate.value)} ms, and the control endpoint always answered`,
      experiment,
      reason: thresholds.observerLate.reason,
      evaluate: (history) => observerSaw(history, name),
    }),
    newConnections: lost('new-connection'),
    keptConnections: lost('kept-alive'),
    callsInFlight: lost('in-flight'),
    sessionCalls: lost('session'),
    sessionsKept: check({
      id: `${id}.sessions-kept`,
      title: `Every standing session lives on when ${what}`,
      expected: `${String(thresholds.sessionsLost.value)} sessions lost`,
      experiment,
      reason: thresholds.sessionsLost.reason,
      evaluate: watching(sessionsKept),
    }),
    noStall: check({
      id: `${id}.no-stall`,
      title: `No call waits long when ${what}`,
      expected: `no served call more than ${String(thresholds.stall.value)} ms later than its own length`,
      experiment,
      reason: thresholds.stall.reason,
      evaluate: watching(noStall),
    }),
  };
}

function observerSaw(history: History, name: string | undefined): Finding {
  const watched = watchedIn(history, name);
  if ('missing' in watched) return inconclusive(watched.missing);
  const blind = whyBlind(watched.sight);
  if (blind !== undefined) return inconclusive(blind);
  const { sight, change, end, until } = watched;
  const smallest = (['new-connection', 'kept-alive'] as const).map((path) => {
    const ms = smallestOutage(ofPath(watched, path), { from: change.start, to: until });
    return `${path} ${ms === undefined ? 'unknown' : `${ms.toFixed(0)} ms`}`;
  });
  const before =
    history.fact('disturbed') === undefined ? '' : '; attempts before, with a disturbed machine, were set aside';
  return pass(
    `${String(sight.sent)} of ${String(sight.due)} calls sent, delay ${describeLatency(sight.delay)}, ${(sight.cpuShare * 100).toFixed(1)} % of a core; smallest outage that would have been seen: ${smallest.join(', ')}${before}`,
    history.trafficReference(end),
  );
}

function noneLost(history: History, watched: Watched, path: keyof typeof paths): Finding {
  const calls = ofPath(watched, path);
  const during = calls.filter(({ end }) => end > watched.change.start);
  const [first] = firstOf(during, 1);
  if (first === undefined) return inconclusive(`no call of the path ${path} was made during the change`);
  const lost = during.filter(isLost);
  if (lost.length <= thresholds.callsLost.value)
    return pass(
      `0 of ${String(during.length)} calls lost; ${describeLatency(latencyOf(during))}`,
      history.trafficReference(first),
    );
  const windows = outageWindows(calls, { from: watched.change.start, to: watched.until });
  return fail(
    `${String(lost.length)} of ${String(during.length)} calls lost in ${describeWindows(windows)}: ${outcomesOf(lost)}`,
    ...evidence(history, lost),
  );
}

/** `2 outages, longest 812 ms (start ±85 ms, end ±83 ms), 1,020 ms in all`. */
function describeWindows(windows: readonly Window[]): string {
  const { count, totalMs } = summaryOf(windows);
  const longest = windows.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  if (longest === undefined) return 'no outage';
  const { start, end } = longest.error;
  return `${String(count)} ${count === 1 ? 'outage' : 'outages'}, the longest ${lengthOf(longest).toFixed(0)} ms (start ±${start.toFixed(0)} ms, end ±${end.toFixed(0)} ms), ${totalMs.toFixed(0)} ms in all`;
}

/** Judged by length, since a drain that is long enough for six seconds may be too short for twelve. */
function inFlight(history: History, watched: Watched): Finding {
  const { change } = watched;
  const calls = ofPath(watched, 'in-flight').filter(({ end }) => end > change.start);
  const { begin } = history.traffic;
  if (begin === undefined || begin.lengths.length === 0)
    return inconclusive('the target declares no tool for long calls (traffic.longCall), so none was in flight');
  const unseen = begin.lengths.filter(
    (length) => !calls.some((call) => (call.length ?? 0) === length && call.start <= change.start),
  );
  if (unseen.length > 0)
    return inconclusive(
      `no call of ${unseen.map((length) => `${String(length)} s`).join(', ')} was in flight when the change began`,
    );
  const seen = lengthsIn(calls).map(
    ({ length, own }) => `${String(length)} s: ${String(countOf(own, isLost))} of ${String(own.length)} lost`,
  );
  const lost = calls.filter(isLost);
  if (lost.length <= thresholds.callsLost.value) return pass(seen.join(', '), ...evidence(history, calls));
  return fail(`${seen.join(', ')} (${outcomesOf(lost)})`, ...evidence(history, lost));
}

/** The shortest first. */
function lengthsIn(calls: Calls): { length: number; own: Calls }[] {
  const lengths = new Set<number>();
  for (const { length = 0 } of calls) lengths.add(length);
  return [...lengths]
    .toSorted((a, b) => a - b)
    .map((length) => ({ length, own: calls.filter((call) => (call.length ?? 0) === length) }));
}

function sessionsKept(history: History, { calls, change }: Watched): Finding {
  const { watched, lost } = sessionsOf(calls, change);
  if (watched === 0) return inconclusive('no standing session was watched before and after the change');
  const { begin } = history.traffic;
  const kind =
    begin === undefined || begin.stateful ? 'sessions with an id' : 'clients of a server without session ids';
  if (lost.length > thresholds.sessionsLost.value)
    return fail(
      `${String(lost.length)} of ${String(watched)} ${kind} lost: ${outcomesOf(lost)}`,
      ...evidence(history, lost),
    );
  const last = calls.findLast(({ path }) => path === 'session');
  return pass(
    `${String(watched)} of ${String(watched)} ${kind} kept`,
    ...(last === undefined ? [] : [history.trafficReference(last)]),
  );
}

function noStall(history: History, { calls, change }: Watched): Finding {
  const during = calls.filter(({ path, end }) => path !== 'control' && end > change.start);
  const served = during.filter((call) => !isLost(call));
  const [first] = firstOf(served, 1);
  if (first === undefined) return inconclusive('no call was served during the change, so none can have waited');
  const windows = stallWindows(served, thresholds.stall.value);
  if (windows.length === 0)
    return pass(
      `${String(served.length)} calls: ${describeLatency(latencyOf(served))}`,
      history.trafficReference(first),
    );
  const { count, longestMs } = summaryOf(windows);
  return fail(
    `${String(count)} ${count === 1 ? 'stall' : 'stalls'}, the longest ${longestMs.toFixed(0)} ms; ${describeLatency(latencyOf(served))}`,
    ...evidence(
      history,
      windows.flatMap((window) => window.calls),
    ),
  );
}

function evidence(history: History, calls: Calls): string[] {
  return firstOf(calls, EVIDENCE).map((call) => history.trafficReference(call));
}
