import type { Architecture } from '../schema.ts';
import type { EnvVar, Live, Workload } from '../live.ts';
import { podSecurityViolations } from './pod-security.ts';
import { containersOf, inContainer, inTemplate, objectOf, subjectOf, unlessWaived } from './rows.ts';
import type { Row, Subject } from './rows.ts';

export function podSecurity({ component, workload }: Subject): Row[] {
  const at = { aspect: 'pod-security', subject: component.name } as const;
  return unlessWaived(component.podSecurity, at, ({ profile, readOnlyRootFilesystem }) => {
    const recommended = `the profile "${profile}" of the Pod Security Standards`;
    const violations = podSecurityViolations(workload.template.spec).map(({ path, wanted, found }): Row => {
      const where = inTemplate(workload, path);
      return { ...at, recommended: `${recommended}: ${wanted}`, found, where, state: 'differs' };
    });
    const kept: Row = { ...at, recommended, found: 'kept', where: inTemplate(workload, ''), state: 'ok' };
    const writable = containersOf(workload.template.spec).map(({ container }): Row => {
      const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
      const where = inTemplate(workload, inContainer(container.name, 'securityContext.readOnlyRootFilesystem'));
      const found = readOnly ? 'read-only' : 'writable';
      return { ...at, recommended: 'a read-only root file system', found, where, state: readOnly ? 'ok' : 'differs' };
    });
    return [...(violations.length === 0 ? [kept] : violations), ...(readOnlyRootFilesystem ? writable : [])];
  });
}

export function serviceAccountToken({ component, workload, live }: Subject): Row[] {
  const at = { aspect: 'service-account-token', subject: component.name } as const;
  return unlessWaived(component.serviceAccountToken, at, () => {
    const { automountServiceAccountToken: own, serviceAccountName = 'default' } = workload.template.spec;
    const account = live.serviceAccounts.find(({ name }) => name === serviceAccountName);
    // The pod has the last word, then its ServiceAccount; Kubernetes mounts the token when neither says anything.
    const mounted = own ?? account?.automountServiceAccountToken ?? true;
    const where = inTemplate(workload, 'automountServiceAccountToken');
    const found = mounted ? `the token of ServiceAccount/${serviceAccountName} is mounted` : 'not mounted';
    return [{ ...at, recommended: 'not mounted', found, where, state: mounted ? 'differs' : 'ok' }];
  });
}

/** Tags that are moved: the same name means another image tomorrow. */
const MOVING_TAGS = ['latest', 'main', 'master', 'edge', 'nightly', 'stable', 'dev', 'snapshot'];

/** Every workload of the namespace, whoever recommended it. */
export function images(declared: Architecture, live: Live): Row[] {
  return unlessWaived(declared.images, { aspect: 'images', subject: 'images' }, ({ pinnedBy }) =>
    live.workloads.flatMap((workload) =>
      containersOf(workload.template.spec).map(({ list, container }): Row => {
        const image = container.image ?? '';
        const pinned = isPinned(image, pinnedBy);
        const where = inTemplate(workload, `${list}[${container.name}].image`);
        const recommended = pinnedBy === 'tag' ? 'a digest, or a tag that is not moved' : 'a digest';
        return {
          aspect: 'images',
          subject: subjectOf(workload, declared, live),
          recommended,
          found: image,
          where,
          state: pinned ? 'ok' : 'differs',
        };
      }),
    ),
  );
}

function isPinned(image: string, by: 'tag' | 'digest'): boolean {
  if (image.includes('@sha256:')) return true;
  if (by === 'digest') return false;
  // A colon before the last slash belongs to the registry's port.
  const [, tag] = /:([^/:]+)$/.exec(image) ?? [];
  return tag !== undefined && !MOVING_TAGS.includes(tag.toLowerCase());
}

/** Names of what must not stand in the open, after Polaris' `sensitiveContainerEnvVar`. */
const SECRET_NAME = /password|passwd|secret|token|bearer|credential|private_?key|api_?key|access_?key/i;

/** Every workload of the namespace, and the ConfigMaps that they take their environment from. */
export function secrets(declared: Architecture, live: Live): Row[] {
  return unlessWaived(declared.secrets, { aspect: 'secrets', subject: 'secrets' }, () => {
    const inWorkloads = live.workloads.map((workload) => ({
      ...secretsIn(workload),
      subject: subjectOf(workload, declared, live),
    }));
    const inMaps = live.configMaps.map(({ name, data }) => ({
      subject: 'configuration',
      where: `ConfigMap/${name} data`,
      open: Object.entries(data).flatMap(([key, literal]) => openSecret({ name: key, literal }, '')),
    }));
    return [...inWorkloads, ...inMaps].flatMap(({ subject, where, open }): Row[] => {
      const common = { aspect: 'secrets', subject, recommended: 'secrets stand in Secrets alone' } as const;
      if (open.length === 0) return [{ ...common, found: 'none in the open', where, state: 'ok' }];
      return open.map(({ path, what }) => ({
        ...common,
        found: what,
        where: path === '' ? where : `${where}.${path}`,
        state: 'differs',
      }));
    });
  });
}

function secretsIn(workload: Workload) {
  const open = containersOf(workload.template.spec).flatMap(({ list, container }) =>
    container.env.flatMap((variable) => openSecret(variable, `${list}[${container.name}].env`)),
  );
  return { where: `${objectOf(workload)} spec.template.spec`, open };
}

/** Numbers, switches and paths are no secrets, whatever their name: `TOKEN_LIFETIME: 3600`, `PASSWORD_FILE: /run/…`. */
function openSecret({ name, literal }: EnvVar, list: string): { path: string; what: string }[] {
  const what =
    literal === 'password in a URL' || literal === 'private key'
      ? `a ${literal}`
      : literal === 'text' && SECRET_NAME.test(name)
        ? 'a text in the open, by its name a secret'
        : undefined;
  if (what === undefined) return [];
  return [{ path: list === '' ? name : `${list}[${name}].value`, what }];
}
