import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import { CannotInject, type FailureSite } from './types.ts';
import { nameIn, podsOf, workloadOf } from './workload.ts';

/** A node to take from the target, with the pods of the target that run there. */
export interface Taken {
  node: string;
  pods: string[];
}

/**
 * A node that holds a replica of the gateway, but not the database where the target brings one: its volume may be bound to the node, and a
 * database that cannot move is the failure `database-down`. The same node each time that the pods lie the same way.
 * @throws CannotInject when there is no such node, or no other one that could take its place.
 */
export async function nodeToTake(site: FailureSite): Promise<Taken> {
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
  const [node] = nodesOf(gateway)
    .filter((name) => !nodesOf(database).includes(name))
    .sort();
  if (node === undefined)
    throw new CannotInject(
      'every node with a replica of the gateway holds the database too: that failure is database-down',
    );
  const { items } = await kube.list(kinds.pod, { fieldSelector: `spec.nodeName=${node}` });
  const running = items.filter(
    ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running',
  );
  return { node, pods: running.map(nameIn).sort() };
}
