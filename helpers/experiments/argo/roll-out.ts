import { join } from 'node:path';
import { canarySteps } from '../../deliverables/argo/steps.ts';
import { trialRollout } from '../../deliverables/argo/timing.ts';
import { messageOf } from '../../errors.ts';
import { now, TRAFFIC_FILE } from '../../history/history.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { Phase } from '../../planning/schema.ts';
import type { OutcomeFact, RolloutFact } from '../../rollout/facts.ts';
import { LiveTraffic } from '../../rollout/live-traffic.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import { answerableBy } from '../../traffic/analysis/figures.ts';
import { thresholds } from '../../verdict/thresholds.ts';
import { conclude } from '../strategies/conclude.ts';
import { ROLLBACK_LIMIT_MS } from '../strategies/roll-out.ts';
import { podsOf } from '../strategies/rollout.ts';
import type { Rollout } from '../strategies/rollout.ts';
import { apply, READY_LIMIT_MS } from '../strategies/site.ts';
import type { TurnedBack } from '../strategies/watchdog.ts';
import { analysesOf, turnedBackBy } from './analysis.ts';
import { isOver, progressOf } from './progress.ts';
import { rolloutOf, waitForRollout } from './site.ts';

/** The controller has turned the candidate back. */
class Aborted extends Error {
  readonly at = now();
}

/**
 * Gives the Rollout the pods of another version and watches how its controller brings them in, phase by phase of the plan that its steps were
 * made of, or turns them back by its own analysis; nothing else is done. A version with a known defect is not asked the samples before, since
 * it is the triggers that are on trial. Steps and facts as those of `rollOut`, and the fact `analysis.NAME`.
 * @returns which version serves in the end; undefined when the new one did not hold.
 */
export async function rollOutByArgo(rollout: Rollout, strategy: ArgoStrategy): Promise<'candidate' | undefined> {
  const { name, site, plan, from, to, defect } = rollout;
  const { history, target } = site.context;
  const fact: RolloutFact = {
    plan,
    engine: 'argo-rollouts',
    from: from.modelVersion,
    to: to.modelVersion,
    replicas: target.replicas,
    ...(defect === undefined ? {} : { defect }),
  };
  history.fact(`rollout.${name}`, fact);
  const { phase, turnedBack } = await phases(rollout, strategy);
  const result = turnedBack === undefined ? 'completed' : await wayBack(rollout, strategy, phase, turnedBack);
  await conclude(rollout, { result, phase, turnedBack });
  return result === 'completed' ? 'candidate' : undefined;
}

async function phases(rollout: Rollout, strategy: ArgoStrategy): Promise<{ phase?: Phase; turnedBack?: TurnedBack }> {
  const { name, site, plan, to, defect } = rollout;
  const { context } = site;
  const { history, signal, target } = context;
  const tested = defect === undefined;
  const { ends } = strategy === 'canary' ? canarySteps(target, plan, { timing: trialRollout, tested }) : { ends: [] };
  let hash: string | undefined;
  for (const phase of plan.phases) {
    context.progress(`${name}, phase ${String(phase.number)} of ${String(plan.phases.length)}: ${phase.name}`);
    const { plannedMs, trialMs, dwell } = phase;
    const detail = () => ({ phase: phase.name, plannedMs, trialMs, dwell });
    const carryOut = async () => {
      if (phase === plan.phases[0]) await apply(site, [rolloutOf(site, strategy, to, tested)]);
      hash = await passed(rollout, phase, ends);
    };
    try {
      await history.step(`phase.${name}.${String(phase.number)}`, phase.name, carryOut, detail);
    } catch (thrown) {
      signal.throwIfAborted();
      const turnedBack = await whyTurnedBack(rollout, thrown);
      return { phase, turnedBack };
    }
  }
  if (hash !== undefined) history.fact(`analysis.${name}`, await analysesOf(site.kube, hash));
  return {};
}

/** Returns when the controller is through with a phase. @throws Aborted when it has turned the candidate back instead. */
async function passed(
  { site, plan, from }: Rollout,
  phase: Phase,
  ends: readonly number[],
): Promise<string | undefined> {
  const timeoutMs = READY_LIMIT_MS + (phase.dwell ? phase.trialMs : 0);
  const found = await waitForRollout(
    site,
    `phase "${phase.name}" is over`,
    (progress) => progress.aborted !== undefined || isOver(plan, phase, ends, progress),
    { timeoutMs },
  );
  const aborted = found === undefined ? undefined : progressOf(found).aborted;
  if (aborted !== undefined) throw new Aborted(aborted);
  // The version before is kept for a while after the last step.
  if (phase === plan.phases.at(-1)) await gone(site, from.modelVersion, site.context.signal);
  return found?.status?.currentPodHash;
}

async function whyTurnedBack(rollout: Rollout, thrown: unknown): Promise<TurnedBack> {
  const { name, site, plan, to } = rollout;
  const { history, folder } = site.context;
  const at = thrown instanceof Aborted ? thrown.at : now();
  const found = await waitForRollout(site, 'the controller knows it', ({ begun }) => begun).catch(() => undefined);
  const analyses = await analysesOf(site.kube, found?.status?.currentPodHash ?? 'none');
  history.fact(`analysis.${name}`, analyses);
  const calls = new LiveTraffic(join(folder, TRAFFIC_FILE))
    .read()
    .filter(({ end }) => end <= at && end > at - thresholds.rollbackWindow.value);
  return turnedBackBy(plan, analyses, {
    at,
    message: messageOf(thrown),
    calls: answerableBy(calls, to.modelVersion).length,
  });
}

/**
 * Waits until the controller has sent users back and taken the candidate away, all by itself. What is left to do then is what its users do: the
 * Rollout is given the version before again, so that what is asked for is what serves.
 */
async function wayBack(
  rollout: Rollout,
  strategy: ArgoStrategy,
  phase: Phase | undefined,
  { by, reason }: TurnedBack,
): Promise<OutcomeFact['result']> {
  const { name, site, from, to } = rollout;
  const { context } = site;
  const { history, signal } = context;
  context.progress(`${name}: turned back by Argo Rollouts (${by}): ${reason}`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ROLLBACK_LIMIT_MS)]);
  try {
    await history.step(`rollback.${name}`, phase?.rollback.text ?? 'roll back', async () => {
      await waitForRollout(site, 'users are back', ({ back }) => back, { signal: limit });
      await gone(site, to.modelVersion, limit);
      await apply(site, [rolloutOf(site, strategy, from, true)]);
      await waitForRollout(site, `${from.modelVersion} serves`, ({ healthy }) => healthy, { signal: limit });
    });
    return 'rolled-back';
  } catch (thrown) {
    signal.throwIfAborted();
    context.progress(`${name}: the rollback failed: ${messageOf(thrown)}`);
    return 'stuck';
  }
}

async function gone(site: Rollout['site'], modelVersion: string, signal: AbortSignal): Promise<void> {
  const labelSelector = podsOf({ site }, { modelVersion });
  await waitFor(
    site.kube,
    `no pod of version ${modelVersion} is left`,
    { resource: kinds.pod, selection: { namespace: site.namespace, labelSelector } },
    (pods) => pods.length === 0,
    { timeoutMs: READY_LIMIT_MS, signal },
  );
}
