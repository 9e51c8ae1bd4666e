import { failureGroups, failures } from '../../failures/catalogue.ts';
import type { Check } from '../types.ts';
import { isDetected, isRecovered, isRestored, works } from './runbook-execution.ts';
import { isComplete, isFound, runbooksAreThere } from './runbook-facts.ts';
import { trafficChecks } from './traffic.ts';

/** The checks on runbooks, one of each kind for every common failure. */
export const runbooks = {
  areThere: [runbooksAreThere],
  found: failures.map(isFound),
  complete: failures.map(isComplete),
  works: failures.map(works),
  restored: failures.map(isRestored),
  detected: failures.map(isDetected),
  recovered: failures.map(isRecovered),
  /** Without it nothing is known about recovery. */
  observerSaw: failureGroups.map(
    (group) => trafficChecks(`failures.${group}`, `failures of ${group} are made`).observerSaw,
  ),
} as const satisfies Record<string, readonly Check[]>;
