import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Wire } from '../kubernetes/resources.ts';
import { literalOf } from './literals.ts';
import type { Container, EnvVar, PodSpec, Workload } from './live.ts';

type Env = NonNullable<Wire<V1Container>['env']>[number];

/** What Deployments, StatefulSets and DaemonSets have in common. */
interface WorkloadObject {
  metadata?: { name?: string };
  spec?: {
    replicas?: number;
    selector: { matchLabels?: Record<string, string> };
    strategy?: Workload['strategy'];
    updateStrategy?: Workload['strategy'];
    template: Wire<V1PodTemplateSpec>;
  };
}

/** A workload as the comparison wants it: no values of variables, nothing that changes from one installation to the next. */
export function normaliseWorkload(kind: Workload['kind'], { metadata, spec }: WorkloadObject): Workload {
  return {
    kind,
    name: metadata?.name ?? '',
    selector: spec?.selector.matchLabels ?? {},
    replicas: spec?.replicas ?? 1,
    strategy: spec?.strategy ?? spec?.updateStrategy ?? {},
    template: {
      labels: spec?.template.metadata?.labels ?? {},
      spec: normalisePod(spec?.template.spec ?? { containers: [] }),
    },
  };
}

function normalisePod({ containers, initContainers, ...rest }: Wire<V1PodSpec>): PodSpec {
  return {
    ...rest,
    containers: containers.map(normaliseContainer),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(normaliseContainer) }),
  };
}

/** Commands are left out with the values: passwords are given there too. */
function normaliseContainer({ env = [], command: _command, args: _args, ...rest }: Wire<V1Container>): Container {
  return { ...rest, env: env.map(normaliseEnv) };
}

function normaliseEnv({ name, value, valueFrom }: Env): EnvVar {
  if (valueFrom === undefined) return { name, literal: literalOf(value ?? '') };
  const { secretKeyRef, configMapKeyRef } = valueFrom;
  const from =
    secretKeyRef !== undefined
      ? `secret/${secretKeyRef.name ?? ''}`
      : configMapKeyRef !== undefined
        ? `configMap/${configMapKeyRef.name ?? ''}`
        : (Object.keys(valueFrom)[0] ?? '');
  return { name, from };
}
