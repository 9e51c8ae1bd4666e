import type { History } from '../history/history.ts';
import type { StepRecord } from '../history/records.ts';
import type { PathName } from '../traffic/plan.ts';
import type { TrafficCall, TrafficEnd } from '../traffic/records.ts';
import { countOf } from '../traffic/analysis/calls.ts';
import type { Calls } from '../traffic/analysis/calls.ts';
import { describeLatency } from '../traffic/analysis/latency.ts';
import { sightOf, stolenShare } from '../traffic/analysis/sight.ts';
import type { Sight } from '../traffic/analysis/sight.ts';
import { isLost } from '../traffic/analysis/windows.ts';
import { inconclusive } from './finding.ts';
import { thresholds } from './thresholds.ts';
import type { Finding } from './types.ts';

/** What the observer saw of a change. */
export interface Watched {
  calls: Calls;
  end: TrafficEnd;
  /** The change itself; traffic ran before, during and after it. */
  change: StepRecord;
  /** Up to this moment the change is answerable for what happens. */
  until: number;
  sight: Sight;
  /** Share of the machine's CPU time that its host gave to others meanwhile, where that is known. */
  stolen: number | undefined;
}

/**
 * What to find in the traffic around a change. Inconclusive where there was none, where the observer was blind, and where the target lost
 * calls before anything was changed: then nothing can be said about the change.
 * @param name of the change, where the experiment made several.
 */
export function underWatch(history: History, find: (watched: Watched) => Finding, name?: string): Finding {
  const watched = watchedIn(history, name);
  if ('missing' in watched) return inconclusive(watched.missing);
  const why = whyBlind(watched.sight) ?? troubleBefore(watched);
  return why === undefined ? unlessStarved(find(watched), watched) : inconclusive(why);
}

/** What a starved machine does badly says nothing about the target; what it does well all the same does. */
function unlessStarved(finding: Finding, { stolen = 0 }: Watched): Finding {
  if (finding.verdict !== 'fail' || stolen <= thresholds.machineStolen.value) return finding;
  const share = `${(stolen * 100).toFixed(0)} % of the machine's CPU time went to others on its host`;
  return {
    ...finding,
    verdict: 'inconclusive',
    seen: `${share}, so this may be none of the target's fault: ${finding.seen}`,
  };
}

/**
 * What came of calls is held against nobody where the observer was blind or the machine was starved: a version that is turned back then may be
 * a good one.
 * @param name of the change, where the experiment made several.
 */
export function whereSeen(history: History, finding: Finding, name?: string): Finding {
  const watched = watchedIn(history, name);
  if (finding.verdict !== 'fail' || 'missing' in watched) return finding;
  const why = whyBlind(watched.sight);
  if (why === undefined) return unlessStarved(finding, watched);
  return { ...finding, verdict: 'inconclusive', seen: `${why}: ${finding.seen}` };
}

/** What was found out already: each change has several checks, and millions of calls take a while. */
const found = new WeakMap<History, Map<string | undefined, ReturnType<typeof watchedIn>>>();

/** The traffic of a history, blind or not; says what is missing when there is none to judge. */
export function watchedIn(history: History, name?: string): Watched | { missing: string } {
  const known = found.get(history) ?? new Map<string | undefined, ReturnType<typeof watchedIn>>();
  found.set(history, known);
  const watched = known.get(name) ?? lookIn(history, name);
  known.set(name, watched);
  return watched;
}

function lookIn(history: History, name: string | undefined): Watched | { missing: string } {
  const { calls, end, machine } = history.traffic;
  const change = history.step(name === undefined ? 'change' : `change.${name}`);
  if (calls.length === 0) return { missing: 'no traffic was recorded' };
  if (end === undefined) return { missing: 'the observer did not end: its history was cut off' };
  if (change === undefined) return { missing: `no change${name === undefined ? '' : ` "${name}"`} was recorded` };
  const { from, to } = name === undefined ? { from: 0, to: Infinity } : boundsOf(history, change);
  const own = calls.filter((call) => call.end > from && call.end <= to);
  const until = Math.min(to, end.at);
  // A call that was never sent has no moment, so each of several changes has to count it.
  const unsent = end.due - scheduledIn(calls);
  return {
    calls: own,
    end,
    change,
    until,
    sight: sightOf(own, { ...end, due: scheduledIn(own) + unsent }, thresholds.observerLate.value),
    stolen: stolenShare(machine, { from: change.start, to: until }),
  };
}

function scheduledIn(calls: Calls): number {
  return countOf(calls, ({ launched }) => launched !== true);
}

/** One of several changes is answerable for the calls that ended between its own baseline and the next one's. */
function boundsOf(history: History, change: StepRecord): { from: number; to: number } {
  const baselines = history.steps.filter(({ id }) => id.startsWith('traffic.baseline.'));
  const own = baselines.findLast(({ start }) => start <= change.start);
  const next = baselines.find(({ start }) => start > change.start);
  return { from: own?.start ?? 0, to: next?.start ?? Infinity };
}

/** Why the observer could not see; undefined when it could. */
export function whyBlind({ due, sent, late, control, controlOutages, delay }: Sight): string | undefined {
  const unsent = due - sent;
  const lateAllowed = Math.max(thresholds.observerLateCalls.value, due * thresholds.observerLateShare.value);
  const starved =
    unsent > due * (1 - thresholds.observerAchieved.value) ||
    late.length > lateAllowed ||
    (delay.max ?? 0) > thresholds.observerPause.value;
  if (due === 0 || starved)
    return `the observer was blind: of ${String(due)} calls that came due, ${String(sent)} were sent and ${String(late.length)} of them late (delay ${describeLatency(delay)})`;
  if (control === 0) return 'the observer was blind: the control endpoint was never asked';
  if (controlOutages.length === 0) return undefined;
  return `the observer was blind: the control endpoint, which no change touches, failed ${String(controlOutages.length)} times`;
}

function troubleBefore({ calls, change }: Watched): string | undefined {
  const before = calls.filter(({ path, end }) => path !== 'control' && end <= change.start);
  const lost = before.filter(isLost);
  if (before.length === 0) return 'no call ended before the change, so there is nothing to compare with';
  if (lost.length === 0) return undefined;
  return `${String(lost.length)} of ${String(before.length)} calls were lost before anything was changed (${outcomesOf(lost)}): the target does not bear this traffic`;
}

/** `3 × network-error (ECONNREFUSED), 1 × timeout`, the most frequent first. */
export function outcomesOf(lost: Iterable<TrafficCall>): string {
  const kinds = new Map<string, number>();
  for (const { outcome, error } of lost) {
    const kind = error === undefined ? outcome : `${outcome} (${error.slice(0, 120)})`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([kind, count]) => `${String(count)} × ${kind}`)
    .join(', ');
}

export function ofPath({ calls }: Pick<Watched, 'calls'>, path: PathName): Calls {
  return calls.filter((call) => call.path === path);
}
