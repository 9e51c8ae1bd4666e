import { KubeError } from '../kubernetes/kube.ts';
import { cordon, evict, uncordon } from '../kubernetes/nodes.ts';
import { kinds } from '../kubernetes/resources.ts';
import { canStopNodes, stopNode } from '../cluster/embedded/outage.ts';
import { nodeToTake } from './site-nodes.ts';
import { CannotInject, type Inject } from './types.ts';

/** A drain gives up on a pod whose budget does not let it go for so long, in ms. */
const EVICTED_WITHIN_MS = 120_000;

/** As `kubectl drain` does it, but for the pods of the trial alone. */
export const nodeDrained: Inject = async (site) => {
  const { kube, history, signal, owner, cluster, target } = site;
  if (cluster.provider === 'kubeconfig' && target.failures?.drainNodes !== true)
    throw new CannotInject('nodes of your own cluster are left alone unless failures.drainNodes is true');
  const { node, pods } = await nodeToTake(site);
  const undo = () => uncordon(kube, node, history);
  try {
    await cordon(kube, node, { owner, history });
    for (const pod of pods) await evict(kube, pod, { timeoutMs: EVICTED_WITHIN_MS, signal, history });
  } catch (thrown) {
    if (thrown instanceof KubeError && thrown.status === 403)
      throw new CannotInject(`the rights do not suffice: ${thrown.message}`);
    await undo();
    throw thrown;
  }
  return {
    detail: { object: `Node/${node}`, evicted: pods },
    undo,
    async remains() {
      const { spec } = await kube.get(kinds.node, { name: node });
      return spec?.unschedulable === true ? [`Node/${node} takes no pods`] : [];
    },
  };
};

/** A node falls silent: its kubelet, its container runtime and all its containers stop at once. */
export const nodeLost: Inject = async (site) => {
  const { cluster, history } = site;
  const why = canStopNodes(cluster);
  if (why !== undefined) throw new CannotInject(why);
  const { node, pods } = await nodeToTake(site);
  history.write('stop every process of the node', `Node/${node}`);
  const resume = await stopNode(cluster, node);
  return {
    detail: { object: `Node/${node}`, pods },
    async undo() {
      history.write('let every process of the node go on', `Node/${node}`);
      await resume();
    },
  };
};
