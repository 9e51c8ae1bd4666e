import type { Rollout } from '../../kubernetes/argo.ts';
import type { Phase, Plan } from '../../planning/schema.ts';

/** How far a Rollout is, as its controller tells. Pure. */
export interface Progress {
  /** It has begun with what it asks for now. */
  begun: boolean;
  /** The controller has turned the candidate back, and why. */
  aborted?: string;
  /** Steps of a canary that are done. */
  step: number;
  /** All pods of the candidate are ready: it is asked the samples, or its time has to come (blue-green). */
  waiting: boolean;
  /** Users are sent to the candidate (blue-green). */
  active: boolean;
  /** The candidate is the stable version from now on. */
  promoted: boolean;
  /** All users are sent to the stable version. */
  back: boolean;
  /** Everything is as it was asked for. */
  healthy: boolean;
}

export function progressOf({ metadata, status = {} }: Rollout): Progress {
  const { currentPodHash: hash, stableRS, canary, blueGreen, pauseConditions = [], message } = status;
  const begun = hash !== undefined && status.observedGeneration === String(metadata?.generation ?? 0);
  return {
    begun,
    ...(begun && status.abort === true ? { aborted: message ?? 'the controller does not say why' } : {}),
    step: begun ? (status.currentStepIndex ?? 0) : 0,
    waiting:
      begun &&
      (pauseConditions.some(({ reason }) => reason === 'BlueGreenPause') ||
        blueGreen?.prePromotionAnalysisRunStatus !== undefined),
    active: begun && blueGreen?.activeSelector === hash,
    promoted: begun && stableRS === hash,
    back:
      blueGreen?.activeSelector === undefined
        ? (canary?.weights?.canary?.weight ?? 0) === 0
        : blueGreen.activeSelector === stableRS,
    healthy: begun && stableRS === hash && status.phase === 'Healthy',
  };
}

/**
 * Whether a phase of the plan is over.
 * @param ends how many steps of a canary are done at the end of each phase.
 */
export function isOver(
  { strategy, phases }: Pick<Plan, 'strategy' | 'phases'>,
  phase: Phase,
  ends: readonly number[],
  progress: Progress,
): boolean {
  if (phase === phases.at(-1)) return progress.healthy;
  if (strategy === 'canary') return progress.promoted || progress.step >= (ends[phases.indexOf(phase)] ?? Infinity);
  const does = (type: string) => phase.actions.some((action) => action.type === type);
  if (does('deploy')) return progress.waiting || progress.active;
  // The switch itself takes the controller no time that could be seen.
  if (does('test') || does('switch')) return progress.active;
  return progress.promoted;
}
