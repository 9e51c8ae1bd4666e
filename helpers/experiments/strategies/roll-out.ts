import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { now } from '../../history/history.ts';
import type { Phase } from '../../planning/schema.ts';
import type { OutcomeFact, RolloutFact } from '../../rollout/facts.ts';
import { thresholds } from '../../verdict/thresholds.ts';
import { dwell, perform } from './actions.ts';
import { conclude } from './conclude.ts';
import type { Rollout } from './rollout.ts';
import { reasonOf, startWatchdog } from './watchdog.ts';
import type { TurnedBack, Watchdog } from './watchdog.ts';

/** A rollback that waits for pods in vain has failed; longer than the protocol allows, so that it is known how long it took. In ms. */
export const ROLLBACK_LIMIT_MS = 2 * thresholds.modelRollback.value;

/**
 * Brings a version in, phase by phase as it is planned, while a watchdog looks at what users get; turns it back when a trigger is reached or a
 * phase fails. Steps: `phase.NAME.N`, `rollback.NAME`, `validate.NAME`. Facts: `rollout.NAME`, `outcome.NAME`, `pods.NAME`,
 * `validation.NAME`.
 * @returns whose version serves in the end: an A/B test may find that of the stable role better; undefined when the new one did not hold.
 */
export async function rollOut(rollout: Rollout): Promise<'stable' | 'candidate' | undefined> {
  const { name, site, plan, from, to, defect } = rollout;
  const { history, target } = site.context;
  const fact: RolloutFact = {
    plan,
    from: from.modelVersion,
    to: to.modelVersion,
    replicas: target.replicas,
    ...(defect === undefined ? {} : { defect }),
  };
  history.fact(`rollout.${name}`, fact);
  const watchdog = startWatchdog(rollout);
  let ended: { phase?: Phase; turnedBack?: TurnedBack };
  try {
    ended = await phases(rollout, watchdog);
  } finally {
    await watchdog.stop();
  }
  const { phase, turnedBack } = ended;
  const result = turnedBack === undefined ? 'completed' : await turnBack(rollout, phase, turnedBack);
  const why = turnedBack === undefined ? undefined : await withAllReasons(turnedBack, watchdog);
  await conclude(rollout, { result, phase, turnedBack: why });
  if (result !== 'completed') return undefined;
  return rollout.comparison === undefined || rollout.comparison.better === 'candidate' ? 'candidate' : 'stable';
}

async function phases(rollout: Rollout, watchdog: Watchdog): Promise<{ phase?: Phase; turnedBack?: TurnedBack }> {
  const { name, site, plan } = rollout;
  const { context } = site;
  const { history, signal } = context;
  const either = AbortSignal.any([signal, watchdog.signal]);
  for (const phase of plan.phases) {
    context.progress(`${name}, phase ${String(phase.number)} of ${String(plan.phases.length)}: ${phase.name}`);
    const detail = () => ({
      phase: phase.name,
      plannedMs: phase.plannedMs,
      trialMs: phase.trialMs,
      dwell: phase.dwell,
    });
    try {
      await history.step(
        `phase.${name}.${String(phase.number)}`,
        phase.name,
        () => carryOut(rollout, phase, either),
        detail,
      );
      watchdog.over(phase);
    } catch (thrown) {
      signal.throwIfAborted();
      const failure: TurnedBack = { at: now(), by: 'failure', reason: messageOf(thrown), reached: [] };
      return { phase, turnedBack: watchdog.turnedBack() ?? failure };
    }
  }
  // What the last phase did has to show before it is said that the version holds: a plan whose last phase is work has no time for that.
  await delay(thresholds.rollbackWindow.value, undefined, { signal: either }).catch(() => undefined);
  signal.throwIfAborted();
  const turnedBack = watchdog.turnedBack();
  const last = plan.phases.at(-1);
  return turnedBack === undefined || last === undefined ? {} : { phase: last, turnedBack };
}

async function carryOut(rollout: Rollout, phase: Phase, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  for (const action of phase.actions) {
    signal.throwIfAborted();
    // Comparing comes at the end of the time for it.
    if (action.type === 'compare') await dwell(phase, start, signal);
    await perform(rollout, action, signal);
  }
  // No user meets a version while it is tested; for one that is known to be bad there is nothing to wait for.
  const isTest = phase.actions.every(({ type }) => type === 'test');
  if (!isTest || rollout.defect === undefined) await dwell(phase, start, signal);
}

async function withAllReasons(turnedBack: TurnedBack, watchdog: Watchdog): Promise<TurnedBack> {
  if (turnedBack.by !== 'trigger') return turnedBack;
  const reached = await watchdog.reached();
  return { ...turnedBack, reason: reasonOf(reached), reached };
}

/** By the way that the plan has for the phase. */
async function turnBack(
  rollout: Rollout,
  phase: Phase | undefined,
  { by, reason }: TurnedBack,
): Promise<OutcomeFact['result']> {
  const { name, site } = rollout;
  const { context } = site;
  const { history, signal } = context;
  context.progress(`${name}: rolling back (${by}): ${reason}`);
  const { from, to, notifier } = rollout;
  const news = { model: context.target.name, from: from.modelVersion, to: to.modelVersion, by, reason };
  notifier?.begun(news);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ROLLBACK_LIMIT_MS)]);
  try {
    await history.step(`rollback.${name}`, phase?.rollback.text ?? 'roll back', async () => {
      for (const action of phase?.rollback.actions ?? []) await perform(rollout, action, limit);
    });
    notifier?.over(news, true);
    return 'rolled-back';
  } catch (thrown) {
    signal.throwIfAborted();
    notifier?.over(news, false);
    context.progress(`${name}: the rollback failed: ${messageOf(thrown)}`);
    return 'stuck';
  }
}
