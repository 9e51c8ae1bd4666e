import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import { gatewayDeployment, meshObjects } from './mesh.ts';
import type { Manifest } from './objects.ts';
import { entryService, innerService, slotService } from './services.ts';
import type { Role } from './slots.ts';
import { autoscaler, deployment, metadata } from './workloads.ts';
import type { WorkloadOptions } from './workloads.ts';

/** All objects of a model, in the parts in which they are applied. Without a namespace: that is up to whoever applies them. */
export interface Manifests {
  /** What both versions need. */
  base: Manifest[];
  stable: Manifest[];
  candidate: Manifest[];
  /** The autoscaler of a canary, which comes after its full rollout: before, it would make it as big as the stable version. */
  autoscaler: Manifest[];
  /** Where users enter. */
  entry: Manifest[];
}

/** The manifests of a model. Pure: the same declaration gives the same objects. */
export function manifestsOf(model: ModelDeclaration, strategy: Strategy, images: ImageLocations): Manifests {
  const own = (role: Role) => versionObjects(model, { strategy, role, images });
  const late = strategy === 'canary' ? autoscaler(model, { strategy, role: 'candidate' }, 'autoscaler') : undefined;
  const single = strategy === 'rolling' || strategy === 'recreate';
  return {
    base: [
      serviceAccount(model),
      innerService(model, strategy),
      ...(strategy === 'canary' || strategy === 'a_b_test'
        ? [gatewayDeployment(model), ...meshObjects(model, strategy, 0)]
        : []),
    ],
    // Where both versions have the same Deployment, it is the candidate's: what was there before stays in its history.
    stable: single ? [] : own('stable'),
    candidate: own('candidate'),
    autoscaler: late === undefined ? [] : [late],
    entry: [entryService(model, strategy)],
  };
}

/** What belongs to one version alone: its Deployment, the Service that reaches it directly, its autoscaler. */
function versionObjects(model: ModelDeclaration, options: WorkloadOptions): Manifest[] {
  const { strategy, role } = options;
  const isCanary = strategy === 'canary' && role === 'candidate';
  return [
    deployment(model, isCanary ? { replicas: 1, ...options } : options),
    slotService(model, strategy, role),
    isCanary ? undefined : autoscaler(model, options),
  ].filter((object) => object !== undefined);
}

/** Whom the pods run as, for the API server: nobody who may do anything. */
export function serviceAccount(model: ModelDeclaration): Manifest {
  const account = { automountServiceAccountToken: false };
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(model, model.name, 'base'), ...account };
}
