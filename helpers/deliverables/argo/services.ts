import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import type { Service } from '../objects.ts';
import { allPorts } from '../services.ts';
import type { Role } from '../slots.ts';
import { metadata } from '../workloads.ts';

/** By what each role is called where it is asked directly: both are pods of one Rollout, and the controller says which. */
const suffixes: Readonly<Record<ArgoStrategy, Partial<Record<Role, string>>>> = {
  canary: { stable: 'stable', candidate: 'canary' },
  blue_green: { candidate: 'preview' },
};

/** Name of the Service of a role; with blue-green the stable version is behind the one where users enter. */
export function directService(
  { name }: Pick<ModelDeclaration, 'name'>,
  strategy: ArgoStrategy,
  role: Role,
): string | undefined {
  const suffix = suffixes[strategy][role];
  return suffix === undefined ? undefined : `${name}-${suffix}`;
}

/** The Services by which versions are asked directly. The controller adds to their selectors whose pods they mean. */
export function directServices(model: ModelDeclaration, strategy: ArgoStrategy): Service[] {
  return (['stable', 'candidate'] as const).flatMap((role) => {
    const name = directService(model, strategy, role);
    if (name === undefined) return [];
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(model, name, 'base'),
        spec: { type: 'ClusterIP', selector: { app: model.name }, ports: allPorts(model) },
      },
    ];
  });
}
