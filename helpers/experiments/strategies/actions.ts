import { setTimeout as delay } from 'node:timers/promises';
import type { Phase, PlanAction } from '../../planning/schema.ts';
import { isNotFound } from '../../kubernetes/kube.ts';
import { explainPods, isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Resource } from '../../kubernetes/resources.ts';
import { undoRollout, waitForRollout } from '../../kubernetes/rollouts.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { askService } from './ask.ts';
import { compare } from './compare.ts';
import { switchTo, weigh } from './patches.ts';
import { podsOf, versionOf } from './rollout.ts';
import type { Rollout } from './rollout.ts';
import { apply, deploymentOf, isShared, READY_LIMIT_MS, versionObjects } from './site.ts';

/** Pods that go have half a minute to end, and the node some time to say so, in ms. */
const GONE_LIMIT_MS = 60_000;

/** Carries out one action of a plan and returns when it is done. @param signal ends it early: the candidate is turned back. */
export async function perform(rollout: Rollout, action: PlanAction, signal: AbortSignal): Promise<void> {
  const { site, name } = rollout;
  const { context } = site;
  switch (action.type) {
    case 'deploy':
      // Where both versions have one Deployment, bringing the stable one back is undoing what was done to it.
      if (isShared(site) && action.version === 'stable') return undo(rollout, signal);
      await apply(site, versionObjects(site, action.version, versionOf(rollout, action.version), action.replicas));
      return waitForRollout(site.kube, deploymentOf(site, action.version), { timeoutMs: READY_LIMIT_MS, signal });
    case 'update-pod':
      return updatePod(rollout, action, signal);
    case 'scale':
      return scale(rollout, action, signal);
    case 'test': {
      const asked = await askService(context.target, site.kube, deploymentOf(site, action.version));
      context.history.fact(`tested.${name}`, asked);
      const wrong = asked.filter(({ outcome }) => outcome !== 'served');
      // A version that is known to be bad is let through, since it is the triggers that are on trial.
      if (wrong.length > 0 && rollout.defect === undefined)
        throw new Error(wrong.map((sample) => `${sample.name}: ${sample.error ?? sample.outcome}`).join('; '));
      return;
    }
    case 'switch':
      return isShared(site) ? undefined : switchTo(site, action.to);
    case 'weight':
    case 'split':
      return weigh(site, action.candidate);
    case 'monitor':
      return;
    case 'compare':
      context.history.fact(`compared.${name}`, compare(rollout));
      return;
    case 'promote': {
      const { better } = compare(rollout);
      context.history.fact(`promoted.${name}`, better);
      return weigh(site, better === 'candidate' ? 100 : 0);
    }
    case 'decommission': {
      const loser = compareLoser(rollout, action.version);
      return isShared(site) ? undefined : decommission(rollout, loser, signal);
    }
  }
}

/** After its actions a dwell time lasts as long as is planned for a trial, counted from `start`. */
export async function dwell({ dwell: dwells, trialMs }: Phase, start: number, signal: AbortSignal): Promise<void> {
  const left = dwells ? trialMs - (performance.now() - start) : 0;
  if (left > 0) await delay(left, undefined, { signal });
}

/** Kubernetes itself replaces one pod after the other; an action waits until so many of them are there. */
async function updatePod(
  rollout: Rollout,
  { pod, of, to }: Extract<PlanAction, { type: 'update-pod' }>,
  signal: AbortSignal,
): Promise<void> {
  const { site, plan } = rollout;
  if (to === 'stable') return undo(rollout, signal);
  if (pod === 1) await apply(site, versionObjects(site, 'candidate', rollout.to, plan.replicas));
  await waitFor(
    site.kube,
    `${String(pod)} of ${String(of)} pods are of version ${rollout.to.modelVersion}`,
    { resource: kinds.pod, selection: { namespace: site.namespace, labelSelector: podsOf(rollout, rollout.to) } },
    (pods) => pods.filter(isReady).length >= pod,
    { timeoutMs: READY_LIMIT_MS, signal, explain: () => explainPods(site.kube, site.namespace) },
  );
  if (pod === of)
    await waitForRollout(site.kube, deploymentOf(site, 'candidate'), { timeoutMs: READY_LIMIT_MS, signal });
}

/** `kubectl rollout undo`, once: a plan names the pods one by one, and Kubernetes takes them back one by one. */
async function undo(rollout: Rollout, signal: AbortSignal): Promise<void> {
  const { site, from } = rollout;
  const { context, kube, namespace } = site;
  const name = deploymentOf(site, 'candidate');
  const { spec } = await kube.get(kinds.deployment, { name });
  if (spec?.template.metadata?.labels?.['model-version'] !== from.modelVersion) {
    context.history.write('rollout undo', `Deployment/${name}`, namespace);
    await undoRollout(kube, name);
  }
  await waitForRollout(kube, name, { timeoutMs: READY_LIMIT_MS, signal });
  // A Deployment counts as rolled out while its last old pod still ends: until then users may meet it.
  await gone(rollout, 'candidate', signal);
}

async function scale(
  rollout: Rollout,
  { version, replicas }: Extract<PlanAction, { type: 'scale' }>,
  signal: AbortSignal,
): Promise<void> {
  const { site } = rollout;
  const { context, kube, namespace } = site;
  const name = deploymentOf(site, version);
  context.history.write(`scale to ${String(replicas)}`, `Deployment/${name}`, namespace);
  await kube.patch(kinds.deployment, { name }, { spec: { replicas } });
  if (replicas === 0) await gone(rollout, version, signal);
  else await waitForRollout(kube, name, { timeoutMs: READY_LIMIT_MS, signal });
}

async function decommission(rollout: Rollout, version: 'stable' | 'candidate', signal: AbortSignal): Promise<void> {
  const { site } = rollout;
  const { context, kube, namespace } = site;
  const name = deploymentOf(site, version);
  for (const resource of [kinds.deployment, kinds.service] as Resource[]) {
    context.history.write('delete', `${resource.kind}/${name}`, namespace);
    await kube.delete(resource, { name }).catch((thrown: unknown) => {
      if (!isNotFound(thrown)) throw thrown;
    });
  }
  await gone(rollout, version, signal);
}

async function gone(rollout: Rollout, version: 'stable' | 'candidate', signal: AbortSignal): Promise<void> {
  const { site } = rollout;
  const { modelVersion } = versionOf(rollout, version);
  await waitFor(
    site.kube,
    `no pod of version ${modelVersion} is left`,
    {
      resource: kinds.pod,
      selection: { namespace: site.namespace, labelSelector: podsOf(rollout, versionOf(rollout, version)) },
    },
    (pods) => pods.length === 0,
    { timeoutMs: GONE_LIMIT_MS, signal },
  );
}

function compareLoser(rollout: Rollout, version: 'stable' | 'candidate' | 'loser'): 'stable' | 'candidate' {
  if (version !== 'loser') return version;
  return compare(rollout).better === 'candidate' ? 'stable' : 'candidate';
}
