import { referenceOf } from '../target/model/images.ts';
import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import type { ModelVersion } from '../target/model/versions.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import { podSpec } from './container.ts';
import type { Autoscaler, Deployment, ObjectMeta } from './objects.ts';
import { isMeshed, PART, slotOf, workloadName } from './slots.ts';
import type { Part, Role } from './slots.ts';

/** What there is to know for the objects of one version. */
export interface WorkloadOptions {
  strategy: Strategy;
  role: Role;
  /** Default: the declared version of that role. A bad version may be brought in in its place. */
  version?: ModelVersion;
  /** Default: as many as are declared. */
  replicas?: number;
  /** Where the images of the target are. */
  images: ImageLocations;
}

/** Name and labels of an object. `slot` is the label `version` of the protocol's own manifests. */
export function metadata(model: ModelDeclaration, name: string, part: Part, slot?: string): ObjectMeta {
  return { name, labels: { app: model.name, ...(slot === undefined ? {} : { version: slot }), [PART]: part } };
}

/** The Deployment of one version. */
export function deployment(
  model: ModelDeclaration,
  { strategy, role, version = model.versions[role], replicas = model.replicas, images }: WorkloadOptions,
): Deployment {
  const slot = slotOf(strategy, role);
  const selector = { app: model.name, ...(slot === undefined ? {} : { version: slot }) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(model, workloadName(model.name, strategy, role), role, slot),
    spec: {
      replicas,
      strategy:
        strategy === 'recreate'
          ? { type: 'Recreate' }
          : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selector },
      template: podTemplate(model, version, { strategy, selector, images }),
    },
  };
}

/** The pods of one version, whoever brings them up. */
export function podTemplate(
  model: ModelDeclaration,
  version: ModelVersion,
  { strategy, selector, images }: Pick<WorkloadOptions, 'strategy' | 'images'> & { selector: Record<string, string> },
) {
  return {
    metadata: {
      labels: {
        ...selector,
        'model-version': version.modelVersion,
        ...(isMeshed(strategy) ? { 'sidecar.istio.io/inject': 'true' } : {}),
      },
    },
    spec: podSpec(model, version, referenceOf(version, images)),
  };
}

/** The autoscaler of a Deployment, with the behaviour of the protocol; undefined when none is declared. */
export function autoscaler(
  model: ModelDeclaration,
  { strategy, role }: Pick<WorkloadOptions, 'strategy' | 'role'>,
  part: Part = role,
): Autoscaler | undefined {
  const { autoscaling, replicas } = model;
  if (autoscaling === undefined) return undefined;
  const name = workloadName(model.name, strategy, role);
  const resource = (what: 'cpu' | 'memory') => ({
    type: 'Resource',
    resource: { name: what, target: { type: 'Utilization', averageUtilization: autoscaling[what] } },
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(model, name, part, slotOf(strategy, role)),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: replicas,
      maxReplicas: autoscaling.maxReplicas,
      metrics: [resource('cpu'), resource('memory')],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
        },
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
      },
    },
  };
}
