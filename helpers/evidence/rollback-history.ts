import { scriptFact } from '../deliverables/facts.ts';
import type { StepRecord } from '../history/records.ts';
import type { History } from '../history/history.ts';
import { outcomeFact, rolloutFact } from '../rollout/facts.ts';
import { factOf } from './sources.ts';
import type { Histories } from './sources.ts';

/** A rollback that was done in the run; the first four as the protocol's own code records them. */
export interface RolledBack {
  timestamp: string;
  deployment: string;
  status: 'success' | 'failed';
  error: string | null;
  experiment: string;
  from: string | null;
  to: string | null;
  /** What turned it back: a trigger, a phase that failed, an operator, or a script that was run. */
  by: string;
  reason: string;
  ms: number;
  evidence: string;
}

/** Every rollback of a run, in the order of their beginning. */
export function rollbackHistory(histories: Histories): RolledBack[] {
  return [...histories.values()]
    .flatMap((history) => history.steps.flatMap((step) => rolledBackBy(history, step) ?? []))
    .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
}

function rolledBackBy(history: History, step: StepRecord): RolledBack | undefined {
  const { begin } = history;
  const common = {
    timestamp: new Date(step.start).toISOString(),
    deployment: begin?.target ?? '',
    status: step.ok ? ('success' as const) : ('failed' as const),
    error: step.error ?? null,
    experiment: begin?.experiment ?? '',
    ms: Math.round(step.end - step.start),
    evidence: history.reference(step),
  };
  const rollout = /^rollback\.(.+)$/.exec(step.id)?.[1];
  if (rollout !== undefined) {
    const fact = factOf(history, `rollout.${rollout}`, rolloutFact);
    const turned = factOf(history, `outcome.${rollout}`, outcomeFact)?.turnedBack;
    if (fact === undefined) return undefined;
    const { by = 'unknown', reason = step.title } = turned ?? {};
    return { ...common, from: fact.to, to: fact.from, by, reason };
  }
  if (step.id !== 'script.rollback' && step.id !== 'script.rollback-script') return undefined;
  const script = factOf(history, step.id, scriptFact);
  const before = factOf(history, 'script.deploy', scriptFact);
  const reason = 'to see that the script works';
  return {
    ...common,
    from: before?.expected ?? null,
    to: script?.expected ?? null,
    by: script?.command ?? step.id,
    reason,
  };
}
