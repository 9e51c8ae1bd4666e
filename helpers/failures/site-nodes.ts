import { evict } from '../kubernetes/nodes.ts';
import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import { waitUntil } from '../wait.ts';
import { CannotInject, type FailureSite } from './types.ts';
import { nameIn, onePodOf, podsOf, workloadOf } from './workload.ts';

/** A node to take from the target, with the pods of the target that run there. */
export interface Taken {
  node: string;
  pods: string[];
}

/** One replica is moved, and another one has to be ready in its place within this time, in ms. */
const SPREAD_WITHIN_MS = 180_000;

/**
 * A node that holds a replica of the gateway, but not the database where the target brings one: its volume may be bound to the node, and a
 * database that cannot move is the failure `database-down`. The same node each time that the pods lie the same way. Where an earlier
 * failure has left all replicas beside the database, one of them is evicted, so that the scheduler can spread them again.
 * @throws CannotInject when there is no such node, or no other one that could take its place.
 */
export async function nodeToTake(site: FailureSite): Promise<Taken> {
  const node = (await besideDatabase(site)) ?? (await afterSpreading(site));
  const { items } = await site.kube.list(kinds.pod, { fieldSelector: `spec.nodeName=${node}` });
  const running = items.filter(
    ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running',
  );
  return { node, pods: running.map(nameIn).sort() };
}

async function besideDatabase(site: FailureSite): Promise<string | undefined> {
  const { kube } = site;
  const nodes = (await kube.list(kinds.node)).items.filter(
    ({ spec, status }) =>
      spec?.unschedulable !== true &&
      (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True'),
  );
  if (nodes.length < 2) throw new CannotInject('the cluster has one node that can take pods: nothing could take over');
  const nodesOf = (pods: readonly Pod[]) => pods.map(({ spec }) => spec?.nodeName ?? '').filter((name) => name !== '');
  const database =
    site.target.failures?.database === undefined ? [] : await podsOf(kube, await workloadOf(site, 'database'));
  const gateway = (await podsOf(kube, await workloadOf(site, 'gateway'))).filter(isReady);
  return nodesOf(gateway)
    .filter((name) => !nodesOf(database).includes(name))
    .toSorted()[0];
}

async function afterSpreading(site: FailureSite): Promise<string> {
  const { kube, history, signal } = site;
  const gateway = await workloadOf(site, 'gateway');
  const { replicas = 1 } = gateway.workload.spec ?? {};
  const options = { timeoutMs: SPREAD_WITHIN_MS, everyMs: 500, signal };
  await evict(kube, nameIn(await onePodOf(kube, gateway)), { ...options, history });
  const isWhole = async () => {
    const pods = await podsOf(kube, gateway);
    return pods.length === replicas && pods.every(isReady);
  };
  await waitUntil(`${gateway.name} has all its replicas again`, isWhole, options);
  const node = await besideDatabase(site);
  if (node !== undefined) return node;
  throw new CannotInject(
    'every node with a replica of the gateway holds the database too: that failure is database-down',
  );
}
