import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpMethod } from '@kubernetes/client-node';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { UserError } from '../../errors.ts';
import { Kube, KubeError } from '../../kubernetes/kube.ts';

/** One right: a verb on a kind of objects. */
export interface Right {
  group: string;
  resource: string;
  subresource?: string;
  /** Only on the object of that name. */
  name?: string;
  verb: string;
}

interface Role {
  rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
}

interface Review {
  status?: { allowed?: boolean };
}

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
/** Questions that are asked at the same time: the API server should not notice. */
const atOnce = 16;

/** The committed ClusterRoles: what every trial needs, and what experiments need beside it that use a certain part of the cluster. */
export type RoleFile =
  'cluster-role.yaml' | `cluster-role-${'flux' | 'istio' | 'argo-rollouts' | 'metrics' | 'runbooks'}.yaml`;

/** Every right of a committed ClusterRole, one by one. */
export function neededRights(file: RoleFile = 'cluster-role.yaml'): Right[] {
  const { rules } = parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Role;
  return rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((path) => {
        const [resource = '', subresource] = path.split('/');
        return verbs.flatMap((verb) =>
          resourceNames.map((name) => ({
            group,
            resource,
            ...(subresource === undefined ? {} : { subresource }),
            ...(name === undefined ? {} : { name }),
            verb,
          })),
        );
      }),
    ),
  );
}

/** For all questions together, in ms: they take well under a second on an API server that is fit for a trial. */
const answeredWithinMs = 30_000;

/**
 * Asks the API server, by SelfSubjectAccessReview, which of the needed rights the person lacks.
 * @throws UserError when it does not know the person.
 */
export async function missingRights(config: KubeConfig, file?: RoleFile): Promise<Right[]> {
  const kube = new Kube(config);
  const signal = AbortSignal.timeout(answeredWithinMs);
  const missing: Right[] = [];
  const ask = async (right: Right | undefined) => {
    if (right === undefined) return;
    const spec = { resourceAttributes: right };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const review = await kube.request<Review>(reviews, { method: HttpMethod.POST, body, signal });
    if (review.status?.allowed !== true) missing.push(right);
  };
  const open = neededRights(file);
  // The first one alone: to somebody whom it does not know the API server closes the connection, under the feet of all others on it.
  await ask(open.shift()).catch((thrown: unknown) => {
    throw refusedCredentials(thrown, config) ?? thrown;
  });
  const worker = async () => {
    while (open.length > 0) await ask(open.shift());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return missing;
}

function refusedCredentials(thrown: unknown, config: KubeConfig): UserError | undefined {
  if (!(thrown instanceof KubeError) || thrown.status !== 401) return undefined;
  return new UserError({
    what: `The cluster does not accept the credentials: ${thrown.message}`,
    where: `context ${config.getCurrentContext()}, user ${config.getCurrentUser()?.name ?? 'none'}`,
    fix: 'log in again, or correct the user of this context in the kubeconfig',
  });
}

/** Rights as a table: one line for each kind of objects, with its verbs. Pure. */
export function rightsTable(rights: readonly Right[]): string {
  const verbs = Map.groupBy(rights, ({ group, resource, subresource }) =>
    [[resource, subresource].filter(Boolean).join('/'), group].filter(Boolean).join('.'),
  );
  const width = Math.max(...[...verbs.keys()].map((name) => name.length));
  return [...verbs]
    .map(([name, list]) => `  ${name.padEnd(width)}  ${list.map(({ verb }) => verb).join(', ')}`)
    .join('\n');
}

/** @throws UserError with the table of what is missing. */
export async function demandRights(config: KubeConfig, file: RoleFile = 'cluster-role.yaml'): Promise<void> {
  const missing = await missingRights(config, file);
  if (missing.length === 0) return;
  throw new UserError({
    what: `${String(missing.length)} rights are missing:\n${rightsTable(missing)}`,
    where: `context ${config.getCurrentContext()}`,
    fix: `apply helpers/cluster/kubeconfig/${file} and bind it to the user of this context`,
  });
}
