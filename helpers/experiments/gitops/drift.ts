import { now } from '../../history/history.ts';
import { kinds, nameOf } from '../../kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { trial } from '../steps.ts';
import type { GitOpsSession } from './session.ts';

/** What an engine is given to notice and undo a change by hand, in ms: longer than the intervals that are usual. */
const CORRECTION_LIMIT_MS = 15 * 60_000;
/** Helm puts it on every object of a release. */
const RELEASE = 'meta.helm.sh/release-name';

interface Drift<T> {
  resource: Resource<T & KubeObject>;
  field: string;
  read: (object: T) => string | number | undefined;
  patch: (object: T) => object;
}

/** Changes one object of a release by hand, and waits until the engine has put it right. The step `drift.NAME`. */
async function drift<T extends KubeObject>(
  { context, kube }: GitOpsSession,
  name: string,
  { resource, field, read, patch }: Drift<T>,
): Promise<void> {
  const { history, signal } = context;
  const { items } = await kube.list(resource);
  const object = items
    .filter((item) => item.metadata?.annotations?.[RELEASE] !== undefined && read(item) !== undefined)
    .toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))[0];
  if (object === undefined) return;
  const declared = read(object);
  const where = nameOf(resource, object);
  await trial(
    context,
    `drift.${name}`,
    `change ${field} of ${where} by hand`,
    async () => {
      history.write('patch', where, kube.namespace);
      const selection = { name: object.metadata?.name ?? '' };
      await kube.patch(resource, selection, patch(object));
      const changed = now();
      await waitFor(
        kube,
        `${where} is as declared again`,
        { resource, selection },
        (found) => {
          const [current] = found;
          return current !== undefined && read(current) === declared;
        },
        { timeoutMs: CORRECTION_LIMIT_MS, signal },
      );
      return now() - changed;
    },
    (correctedMs) => ({ object: where, field, declared, correctedMs }),
  );
}

/** As by `kubectl scale`: one replica more than declared. */
export function driftByScaling(session: GitOpsSession): Promise<void> {
  return drift(session, 'scale', {
    resource: kinds.deployment,
    field: 'spec.replicas',
    read: ({ spec }) => spec?.replicas,
    patch: ({ spec }) => ({ spec: { replicas: (spec?.replicas ?? 0) + 1 } }),
  });
}

/** As by `kubectl edit`: another value in a ConfigMap. */
export function driftByEditing(session: GitOpsSession): Promise<void> {
  const first = (data: Record<string, string> = {}) => Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1))[0];
  return drift(session, 'edit', {
    resource: kinds.configMap,
    field: 'data',
    read: ({ data }) => JSON.stringify(data),
    patch: ({ data }) => {
      const [key = 'changed', value = ''] = first(data) ?? [];
      return { data: { [key]: `${value}# by hand` } };
    },
  });
}

/** What the engine reported about changes by hand, as the fact `drift.reported`. */
export async function recordReportedDrift({ context, kube }: GitOpsSession): Promise<void> {
  const { items } = await kube.list(kinds.event);
  const reported = items
    .filter(({ reason = '' }) => /drift/i.test(reason))
    .map(({ involvedObject, reason, message }) => ({
      object: `${involvedObject.kind ?? '?'}/${involvedObject.name ?? '?'}`,
      reason,
      message: message?.slice(0, 500),
    }));
  context.history.fact('drift.reported', reported);
}
