import { HttpMethod } from '@kubernetes/client-node';
import type { HistoryWriter } from '../history/history.ts';
import { KubeError } from './kube.ts';
import type { Kube } from './kube.ts';
import { isLeftBehind } from './owner.ts';
import { kinds } from './resources.ts';
import type { Node } from './resources.ts';
import { waitUntil } from '../wait.ts';

/**
 * Who cordoned a node, as JSON of the owner's metadata. Not the suite's labels: what bears those is the suite's own and is swept away
 * with all that is in it.
 */
const CORDONED = 'seatrial.dev/cordoned';

/** Labels and annotations of a namespace that the suite made: they say which run it belongs to. */
export type NodeOwner = Pick<NonNullable<Node['metadata']>, 'labels' | 'annotations'>;

/** Keeps new pods off a node, and notes whose doing that is, so that the next start can take it back should this run be killed. */
export async function cordon(
  kube: Kube,
  name: string,
  { owner, history }: { owner: NodeOwner; history: HistoryWriter },
): Promise<void> {
  history.write('cordon', `Node/${name}`);
  await kube.patch(
    kinds.node,
    { name },
    { metadata: { annotations: { [CORDONED]: JSON.stringify(owner) } }, spec: { unschedulable: true } },
  );
}

/** Lets pods onto a node again that `cordon` kept them off; nothing happens to one that it did not. */
export async function uncordon(kube: Kube, name: string, history?: HistoryWriter): Promise<void> {
  const node = await kube.get(kinds.node, { name });
  if (node.metadata?.annotations?.[CORDONED] === undefined) return;
  history?.write('uncordon', `Node/${name}`);
  const patch = { metadata: { annotations: { [CORDONED]: null } }, spec: { unschedulable: null } };
  await kube.patch(kinds.node, { name }, patch);
}

/** Names of the nodes that a run cordoned which has ended since. */
export async function cordonedByTheDead(kube: Kube): Promise<string[]> {
  const { items } = await kube.list(kinds.node);
  return items.filter(isCordonedByTheDead).map(({ metadata }) => metadata?.name ?? '');
}

function isCordonedByTheDead({ metadata }: Node): boolean {
  const note = metadata?.annotations?.[CORDONED];
  return note !== undefined && isLeftBehind({ metadata: JSON.parse(note) as NonNullable<Node['metadata']> });
}

/**
 * Evicts a pod as a drain does: its budget is respected, so it may have to be asked for again and again.
 * @throws Error when the budget does not allow it in time.
 */
export async function evict(
  kube: Kube,
  pod: string,
  { timeoutMs, signal, history }: { timeoutMs: number; signal: AbortSignal; history: HistoryWriter },
): Promise<void> {
  history.write('evict', `Pod/${pod}`, kube.namespace);
  const path = kube.path(kinds.pod, { name: pod, subresource: 'eviction' });
  const metadata = { name: pod, namespace: kube.namespace };
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
  await waitUntil(
    `Pod/${pod} may be evicted`,
    async () => {
      try {
        await kube.request(path, { method: HttpMethod.POST, body, signal });
        return true;
      } catch (thrown) {
        if (thrown instanceof KubeError && thrown.status === 404) return true;
        throw thrown;
      }
    },
    { timeoutMs, everyMs: 1_000, signal },
  );
}
