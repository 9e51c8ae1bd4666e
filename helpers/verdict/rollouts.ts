import type { History } from '../history/history.ts';
import type { StepRecord } from '../history/records.ts';
import type { Phase } from '../planning/schema.ts';
import { outcomeFact, rolloutFact } from '../rollout/facts.ts';
import type { OutcomeFact, RolloutFact } from '../rollout/facts.ts';
import { answerableBy, answeredBy } from '../traffic/analysis/figures.ts';
import { endsOf } from '../traffic/analysis/calls.ts';
import type { Calls } from '../traffic/analysis/calls.ts';
import type { TrafficCall } from '../traffic/records.ts';
import { inconclusive } from './finding.ts';
import type { Finding } from './types.ts';
import { underWatch } from './watch.ts';
import type { Watched } from './watch.ts';

/** A rollout as its history tells it. */
export interface RolledOut extends RolloutFact {
  name: string;
  outcome: OutcomeFact;
  /** The phases that were begun, each with its step. */
  phases: { phase: Phase; step: StepRecord }[];
  /** Line of the history that has the outcome. */
  evidence: string;
}

/** What to find in a rollout; inconclusive where the history does not say how it went. */
export function ofRollout(history: History, name: string, find: (rollout: RolledOut) => Finding): Finding {
  const fact = rolloutFact.safeParse(history.fact(`rollout.${name}`)).data;
  const record = history.factRecord(`outcome.${name}`);
  const outcome = outcomeFact.safeParse(record?.value).data;
  if (fact === undefined) return inconclusive(whyNever(history, name));
  if (record === undefined || outcome === undefined)
    return inconclusive(`the rollout "${name}" was cut off: it is not known how it ended`);
  const phases = fact.plan.phases.flatMap((phase) => {
    const step = history.step(`phase.${name}.${String(phase.number)}`);
    return step === undefined ? [] : [{ phase, step }];
  });
  return find({ name, ...fact, outcome, phases, evidence: history.reference(record) });
}

/** A rollout that never began has a reason, which often stands in a step before it. */
function whyNever(history: History, name: string): string {
  const failed = history.steps.find(({ ok }) => !ok);
  const why = failed === undefined ? '' : `; ${failed.id} failed: ${failed.error ?? 'no reason was recorded'}`;
  if (name === 'bad')
    return `no bad version was brought in: the target declares none, or the good one did not hold${why}`;
  return `the rollout "${name}" never began${why}`;
}

/** As `ofRollout`, together with the traffic around it; inconclusive where the observer was blind. */
export function watchingRollout(
  history: History,
  name: string,
  find: (rollout: RolledOut, watched: Watched) => Finding,
): Finding {
  return ofRollout(history, name, (rollout) => underWatch(history, (watched) => find(rollout, watched), name));
}

/** Calls that began between the begin and the end of a step. */
export function callsDuring(calls: Calls, { start, end }: Pick<StepRecord, 'start' | 'end'>): Calls {
  return calls.filter((call) => call.path !== 'control' && call.start >= start && call.start < end);
}

/** Times of a version that was turned back, in ms; undefined where no user met it. */
export interface Exposure {
  /** From its first answer to the last one that it gave or that was lost. */
  ms: number;
  /** From its first answer to the moment at which it was decided to turn it back. */
  detectedMs: number | undefined;
  first: TrafficCall;
  last: TrafficCall;
}

export function exposureOf(calls: Calls, { to, outcome }: RolledOut): Exposure | undefined {
  const first = endsOf(answeredBy(calls, to))?.first;
  const last = endsOf(answerableBy(calls, to))?.last;
  if (first === undefined || last === undefined) return undefined;
  const { turnedBack } = outcome;
  return {
    ms: last.end - first.end,
    detectedMs: turnedBack === undefined ? undefined : turnedBack.at - first.end,
    first,
    last,
  };
}

/** `v1 120, v2 60`: how many calls each version served. */
export function sharesOf(calls: Calls): string {
  const versions = new Map<string, number>();
  for (const { path, servedBy, outcome } of calls) {
    if (path === 'control') continue;
    const version = servedBy?.version ?? outcome;
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  return [...versions]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, count]) => `${version} ${String(count)}`)
    .join(', ');
}

/** Who answered, the first one first. */
export function versionsIn(calls: Calls): string[] {
  const versions = new Set<string>();
  for (const { servedBy } of calls) if (servedBy?.version !== undefined) versions.add(servedBy.version);
  return [...versions];
}
