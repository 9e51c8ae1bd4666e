import type { Phase, Plan } from '../../planning/schema.ts';
import { productionTiming } from '../../monitoring/rules.ts';
import { thresholds } from '../../verdict/thresholds.ts';

/** How long a Rollout dwells, and how its analysis looks at the candidate meanwhile. In seconds. */
export interface RolloutTiming {
  dwell(phase: Pick<Phase, 'plannedMs' | 'trialMs' | 'dwell'>): number;
  /** How far back a measurement looks, and the time between two of them. */
  window: number;
  interval: number;
  /** That a version that serves nobody any more is kept: until every node and proxy has heard of it. */
  linger: number;
}

/** As it is planned; a measurement looks as far back as an alert does. */
export const plannedRollout: RolloutTiming = {
  dwell: ({ plannedMs }) => plannedMs / 1000,
  window: productionTiming.window,
  interval: 30,
  // What the project advises at least.
  linger: 30,
};

/** Dwell times by the trial factor, and measurements over the window in which the trial's own triggers look. */
export const trialRollout: RolloutTiming = {
  dwell: ({ trialMs }) => Math.max(1, Math.round(trialMs / 1000)),
  window: thresholds.rollbackWindow.value / 1000,
  interval: 2,
  linger: 10,
};

/** For how long a version is watched once it has all users (blue-green), in seconds; 0 where the plan has no phase for that. */
export function watchedSeconds({ phases }: Pick<Plan, 'phases'>, timing: RolloutTiming): number {
  const watched = phases.find(({ actions }) => actions.some(({ type }) => type === 'monitor'));
  return watched === undefined ? 0 : timing.dwell(watched);
}
