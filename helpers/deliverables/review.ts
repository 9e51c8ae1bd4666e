import { limitText } from '../planning/text.ts';
import type { Plan } from '../planning/schema.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import type { Container, Deployment, Manifest } from './objects.ts';
import { rollbackPlan } from './rollback-plan.ts';

/** What a reviewer would hold against the Deployments among these manifests; each with the object and the container. */
export function policyFindings(manifests: readonly Manifest[]): string[] {
  return deploymentsIn(manifests).flatMap((deployment) => {
    const { securityContext, containers = [], automountServiceAccountToken } = deployment.spec?.template.spec ?? {};
    const name = `Deployment/${deployment.metadata?.name ?? '?'}`;
    const pod = [
      ...(securityContext?.runAsNonRoot === true ? [] : ['may run as root']),
      ...(securityContext?.seccompProfile === undefined ? ['has no seccomp profile'] : []),
      ...(automountServiceAccountToken === false ? [] : ['is given a token of the API server']),
    ].map((finding) => `${name} ${finding}`);
    return [
      ...pod,
      ...containers.flatMap((one) => ofContainer(one).map((finding) => `${name}, ${one.name} ${finding}`)),
    ];
  });
}

function ofContainer({ image = '', resources, securityContext, env = [] }: Container): string[] {
  const bounded = (['cpu', 'memory'] as const).every(
    (what) => resources?.requests?.[what] !== undefined && resources.limits?.[what] !== undefined,
  );
  return [
    ...(/[:@][^/]+$/.test(image) && !image.endsWith(':latest') ? [] : [`has an image that moves: ${image}`]),
    ...(bounded ? [] : ['lacks requests or limits']),
    ...(securityContext?.allowPrivilegeEscalation === false ? [] : ['may gain privileges']),
    ...(securityContext?.capabilities?.drop?.includes('ALL') === true ? [] : ['keeps capabilities']),
    ...env
      .filter(({ name, value }) => value !== undefined && /PASSWORD|TOKEN|SECRET/i.test(name))
      .map(({ name }) => `has ${name} in clear`),
  ];
}

/** Probes that a model server cannot do without, and that its Deployments lack. */
export function probeFindings(manifests: readonly Manifest[]): string[] {
  return deploymentsIn(manifests).flatMap(({ metadata, spec }) =>
    (spec?.template.spec?.containers ?? []).flatMap(({ name, livenessProbe, readinessProbe }) => {
      const where = `Deployment/${metadata?.name ?? '?'}, ${name}`;
      const path = readinessProbe?.httpGet?.path;
      return [
        ...(livenessProbe === undefined ? [`${where} has no liveness probe`] : []),
        ...(readinessProbe === undefined ? [`${where} has no readiness probe`] : []),
        // A model that is still being loaded would be restarted for it, again and again.
        ...(path !== undefined && path === livenessProbe?.httpGet?.path
          ? [`${where} is restarted for not being ready`]
          : []),
      ];
    }),
  );
}

/** What the document that people would follow at night does not say. */
export function rollbackPlanFindings(model: ModelDeclaration, plan: Plan): string[] {
  const text = rollbackPlan(model, plan);
  const missing = [
    ...plan.rollback.triggers.map(limitText),
    ...plan.phases.map(({ name }) => name),
    ...['## Rollback procedure', 'kubectl', '## Validation', '## Communication'],
  ].filter((needed) => !text.includes(needed));
  return [
    ...missing.map((needed) => `it does not say "${needed}"`),
    ...(model.communication === undefined ? ['nobody is named who is to be told'] : []),
  ];
}

/** The gateway of a mesh is filled in by the mesh: there is nothing of it to be reviewed before. */
function deploymentsIn(manifests: readonly Manifest[]): Deployment[] {
  return manifests.filter(
    (manifest): manifest is Deployment =>
      manifest.kind === 'Deployment' && !JSON.stringify(manifest).includes('"inject.istio.io/templates"'),
  );
}
