import type { Plan } from '../../planning/schema.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import { gatewayDeployment, meshObjects } from '../mesh.ts';
import type { Manifests } from '../manifests.ts';
import { serviceAccount } from '../manifests.ts';
import type { Manifest, Service } from '../objects.ts';
import { entryService, innerService } from '../services.ts';
import { autoscaler } from '../workloads.ts';
import { hasAskableSamples, samplesTemplate, triggersTemplate } from './analysis.ts';
import { argoRollout } from './rollout.ts';
import { directService, directServices } from './services.ts';
import { watchedSeconds } from './timing.ts';
import type { RolloutTiming } from './timing.ts';

export interface ArgoOptions {
  strategy: ArgoStrategy;
  plan: Pick<Plan, 'phases'>;
  timing: RolloutTiming;
  images: ImageLocations;
  /** Prometheus as the controller reaches it. */
  prometheus: string;
}

/**
 * The manifests of a model that Argo Rollouts brings versions of in. The stable and the candidate part are the same Rollout with other pods:
 * to bring the candidate in, or to go back, is to apply one of them. Pure.
 */
export function argoManifests(model: ModelDeclaration, options: ArgoOptions): Manifests {
  const { strategy } = options;
  const scaler = autoscaler(model, { strategy: 'rolling', role: 'stable' }, 'base');
  return {
    base: [
      serviceAccount(model),
      // With blue-green there is one Service that is switched, where users enter: a second one would send calls to both versions.
      ...(strategy === 'canary' ? [innerService(model, strategy)] : []),
      ...directServices(model, strategy),
      ...(strategy === 'canary'
        ? [gatewayDeployment(model), ...meshObjects(model, strategy, 0).map(ofOneRollout)]
        : []),
      ...analysisTemplates(model, options),
      ...(scaler === undefined ? [] : [scalesRollout(scaler)]),
    ],
    stable: [argoRollout(model, { ...options, role: 'stable' })],
    candidate: [argoRollout(model, { ...options, role: 'candidate' })],
    autoscaler: [],
    entry: [entryOf(model, strategy)],
  };
}

/** What the controller asks, before users meet the candidate and while they do. */
function analysisTemplates(model: ModelDeclaration, { strategy, plan, timing, prometheus }: ArgoOptions): Manifest[] {
  const service = directService(model, strategy, 'candidate');
  // A canary is analysed for as long as its steps last.
  const lasts = strategy === 'blue_green' ? { lasts: watchedSeconds(plan, timing) } : {};
  return [
    ...(service !== undefined && hasAskableSamples(model) ? [samplesTemplate(model, service)] : []),
    triggersTemplate(model, { prometheus, timing, ...lasts }),
  ];
}

/** Both subsets are pods of one Rollout: which are which the controller adds. */
function ofOneRollout(object: Manifest & { spec: Record<string, unknown> }): Manifest {
  if (object.kind !== 'DestinationRule') return object;
  const subsets = (object.spec.subsets as { name: string }[]).map(({ name }) => ({
    name,
    labels: { app: object.metadata?.labels?.app ?? '' },
  }));
  return { ...object, spec: { ...object.spec, subsets } } as Manifest;
}

function entryOf(model: ModelDeclaration, strategy: ArgoStrategy): Service {
  const service = entryService(model, strategy);
  if (strategy === 'canary') return service;
  return { ...service, spec: { ...service.spec, selector: { app: model.name } } };
}

function scalesRollout(scaler: NonNullable<ReturnType<typeof autoscaler>>): Manifest {
  const scaleTargetRef = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: scaler.metadata?.name ?? '' };
  return { ...scaler, spec: { ...scaler.spec, scaleTargetRef } } as Manifest;
}
