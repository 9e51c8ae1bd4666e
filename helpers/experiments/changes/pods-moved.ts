import { randomBytes } from 'node:crypto';
import { UserError } from '../../errors.ts';
import { selectorText } from '../../gateways/reach.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { cordon, evict, uncordon } from '../../kubernetes/nodes.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { ChangeExperiment } from './experiment.ts';
import { prepareDeclared } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import type { Session } from './session.ts';

/** In ms. */
const LIMITS = {
  /** A budget lets one pod go at a time, and the next when that one's successor is ready. */
  evicted: 180_000,
  /** Starting, and stopping with calls in flight. */
  ready: 180_000,
} as const;

/** Told when pods are to start anew; kubectl sets it too. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

export const scaleIn: ChangeExperiment = {
  id: 'config.scale-in',
  field: 'scale-in',
  declared: (changes) => changes['scale-in'] !== undefined,
  prepare: (session) => prepareDeclared(session, 'scale-in', undefined),
};

/** A Secret gets a new value, and what uses it is restarted. */
export const secretRotation: ChangeExperiment = {
  id: 'config.secret-rotation',
  field: 'secret-rotation',
  declared: (changes) => changes['secret-rotation'] !== undefined,
  prepare: prepareRotation,
};

async function prepareRotation({ changes, deployed, context }: Session): Promise<Prepared> {
  const rotation = changes['secret-rotation'];
  if (rotation === undefined) throw new Error('the target declares no secret that is rotated');
  const { history, redactor, signal } = context;
  const { kube, namespace } = deployed;
  const [kind = '', name = ''] = rotation.restart.split('/');
  const resource = kind === 'StatefulSet' ? kinds.statefulSet : kinds.deployment;
  const labelSelector = selectorText((await kube.get(resource, { name })).spec?.selector.matchLabels);
  const before = new Set((await kube.list(kinds.pod, { labelSelector })).items.map(({ metadata }) => metadata?.uid));
  return {
    kind: 'policy',
    hot: false,
    way: 'new value of the Secret, and a restart of what uses it',
    pods: { labelSelector },
    // A container takes its environment from the Secret when it starts: what came after the change has the new value.
    ask: ({ metadata }) => Promise.resolve(!before.has(metadata?.uid)),
    async apply() {
      const value = randomBytes(24).toString('hex');
      redactor.add(value);
      history.write('patch', `Secret/${rotation.secret}`, namespace);
      await kube.patch(kinds.secret, { name: rotation.secret }, { stringData: { [rotation.key]: value } });
      history.write('patch', rotation.restart, namespace);
      const annotations = { [RESTARTED]: new Date().toISOString() };
      await kube.patch(resource, { name }, { spec: { template: { metadata: { annotations } } } });
      await waitFor(
        kube,
        `${rotation.restart} is restarted`,
        { resource: kinds.pod, selection: { namespace, labelSelector } },
        (pods) => pods.filter(stays).every((pod) => isReady(pod) && !before.has(pod.metadata?.uid)),
        { timeoutMs: LIMITS.ready, signal },
      );
    },
  };
}

/** A node that runs a replica is drained as `kubectl drain` does it, but for the trial's own pods alone; afterwards it takes pods again. */
export const nodeDrain: ChangeExperiment = {
  id: 'config.node-drain',
  field: 'node-drain',
  declared: (changes) => changes['node-drain'] !== undefined,
  prepare: prepareDrain,
};

async function prepareDrain({ changes, deployed, context, serving }: Session): Promise<Prepared> {
  const drain = changes['node-drain'];
  if (drain === undefined) throw new Error('the target declares no node that may be drained');
  const { history, signal, cluster } = context;
  const { kube, namespace } = deployed;
  if (cluster.provider === 'kubeconfig' && !drain.allowed)
    throw new UserError({
      what: 'Nodes of your own cluster are left alone',
      where: `${context.target.file} changes.node-drain`,
      fix: 'allow it with `allowed: true`',
    });
  const { labelSelector } = serving;
  const pods = (await kube.list(kinds.pod)).items.filter(stays);
  const kept = pods.filter(({ metadata }) => drain.keep.includes(metadata?.name ?? '')).map(nodeOf);
  const { items: replicas } = await kube.list(kinds.pod, { labelSelector });
  const node = replicas
    .map(nodeOf)
    .filter((name) => !kept.includes(name))
    .sort()[0];
  if (node === undefined) throw new Error('every node with a replica also runs a pod that has no second one');
  const leaving = pods.filter((pod) => nodeOf(pod) === node).map(({ metadata }) => metadata?.name ?? '');
  history.fact('drained', { node, pods: leaving });
  const { metadata: owner = {} } = await kube.get(kinds.namespace, { name: namespace });
  return {
    kind: 'gateway',
    hot: false,
    way: 'cordon and evictions that respect budgets',
    async apply() {
      try {
        await cordon(kube, node, { owner, history });
        for (const pod of leaving) await evict(kube, pod, { timeoutMs: LIMITS.evicted, signal, history });
        await waitFor(
          kube,
          'all replicas are ready on other nodes',
          { resource: kinds.pod, selection: { namespace, labelSelector } },
          (found) => {
            const staying = found.filter(stays);
            return staying.length === replicas.length && staying.every((pod) => isReady(pod) && nodeOf(pod) !== node);
          },
          { timeoutMs: LIMITS.ready, signal },
        );
      } finally {
        await uncordon(kube, node, history);
      }
    },
  };
}

function nodeOf({ spec }: Pod): string {
  return spec?.nodeName ?? '';
}

function stays({ metadata, status }: Pod): boolean {
  return metadata?.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? '');
}
