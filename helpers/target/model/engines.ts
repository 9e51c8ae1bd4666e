import { z } from 'zod';
import type { Strategy } from './schema.ts';

/** Who carries a strategy out: Kubernetes, whose Deployments are switched and weighed, or a controller that does all of that by itself. */
export const engines = ['kubernetes', 'argo-rollouts'] as const;
export type Engine = (typeof engines)[number];

/** Strategies that an engine other than Kubernetes knows as well. */
export const argoStrategies = ['canary', 'blue_green'] as const satisfies readonly Strategy[];
export type ArgoStrategy = (typeof argoStrategies)[number];

export function isArgoStrategy(strategy: Strategy): strategy is ArgoStrategy {
  return argoStrategies.some((known) => known === strategy);
}

export const analysis = z
  .strictObject({
    prometheus: z
      .url({ protocol: /^https?$/ })
      .describe('Prometheus as the controller reaches it, e.g. http://prometheus.monitoring.svc:9090'),
  })
  .describe('Where Argo Rollouts asks what users get; in a trial it asks a Prometheus of the trial');
