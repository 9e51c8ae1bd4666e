import { argoManifests } from '../../deliverables/argo/manifests.ts';
import { argoRollout } from '../../deliverables/argo/rollout.ts';
import { OWN_NAMESPACE } from '../../deliverables/argo/analysis.ts';
import { trialRollout } from '../../deliverables/argo/timing.ts';
import type { Manifest } from '../../deliverables/objects.ts';
import { argoKinds } from '../../kubernetes/argo.ts';
import type { Rollout as RolloutObject } from '../../kubernetes/argo.ts';
import { explainPods } from '../../kubernetes/pods.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { installMonitoring } from '../../monitoring/install.ts';
import { modelScrape, podStateJob } from '../../monitoring/metrics.ts';
import type { Prometheus } from '../../monitoring/prometheus.ts';
import { alertRulesYaml, trialTiming } from '../../monitoring/rules.ts';
import { planFor } from '../../planning/plan.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import { apply, deploymentsAreReady, READY_LIMIT_MS } from '../strategies/site.ts';
import type { Site } from '../strategies/site.ts';
import { progressOf } from './progress.ts';

/** Until Prometheus scrapes every pod, in ms. */
const TARGETS_WITHIN_MS = 60_000;

/** Where the controller finds the Prometheus of the trial, which lies beside the model. */
const PROMETHEUS = `http://prometheus.${OWN_NAMESPACE}.svc:9090`;

/** The Rollout with the pods of that version. @param tested whether the samples are asked before users meet it. */
export function rolloutOf(site: Site, strategy: ArgoStrategy, version: ModelVersion, tested: boolean): Manifest {
  const { images } = site;
  const target = unscaled(site);
  const plan = planFor(target, strategy);
  return argoRollout(target, { strategy, plan, timing: trialRollout, role: 'candidate', version, images, tested });
}

/** Brings the stable version up as a Rollout, beside a Prometheus that its analyses ask. @param podState address of who tells the states of pods. */
export async function bringUpRollout(site: Site, strategy: ArgoStrategy, podState: string | undefined): Promise<void> {
  const { context, images } = site;
  const { signal } = context;
  const target = unscaled(site);
  const plan = planFor(target, strategy);
  const { base, stable, entry } = argoManifests(target, {
    strategy,
    plan,
    timing: trialRollout,
    images,
    prometheus: PROMETHEUS,
  });
  // The controller refuses a Rollout whose Services are not there.
  await apply(site, [...base, ...entry, ...stable]);
  const [prometheus] = await Promise.all([
    monitor(site, podState),
    deploymentsAreReady(site, base).then(() => waitForRollout(site, 'the stable version is up', (one) => one.healthy)),
  ]);
  const limit = { timeoutMs: TARGETS_WITHIN_MS, signal };
  await prometheus.waitForTargets({ job: 'model', atLeast: target.replicas }, limit);
  if (podState !== undefined) await prometheus.waitForTargets({ job: podStateJob }, limit);
}

/** The target without its autoscaler: how that changes the number of pods is tried on its own. */
function unscaled({ context }: Site): ModelTarget {
  const { autoscaling: _autoscaling, ...target } = context.target;
  return target;
}

async function monitor({ context, kube }: Site, podState: string | undefined): Promise<Prometheus> {
  const { target, cluster, history, signal } = context;
  const { prometheus } = await installMonitoring(
    kube,
    {
      images: cluster.monitoring ?? { prometheus: '', alertmanager: '' },
      rules: alertRulesYaml(target, trialTiming),
      scrapes: [modelScrape(target)],
      exporters: podState === undefined ? [] : [{ job: podStateJob, address: podState }],
      receivers: [],
    },
    { history, signal },
  );
  return prometheus;
}

/** Waits until the controller has come so far. @throws Error with what the pods say when it does not in time. */
export async function waitForRollout(
  { context, kube, namespace }: Site,
  what: string,
  isThere: (progress: ReturnType<typeof progressOf>) => boolean,
  { timeoutMs = READY_LIMIT_MS, signal = context.signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<RolloutObject | undefined> {
  const [rollout] = await waitFor(
    kube,
    `Rollout/${context.target.name}: ${what}`,
    { resource: argoKinds.rollout, selection: { namespace, name: context.target.name } },
    ([object]) => object !== undefined && isThere(progressOf(object)),
    { timeoutMs, signal, explain: () => explain(kube, context.target.name) },
  );
  return rollout;
}

/** What the controller says, a refused specification for instance, and what the pods say. */
async function explain(kube: Site['kube'], name: string): Promise<string> {
  const { status } = await kube.get(argoKinds.rollout, { name });
  const told = [status?.phase, status?.message].filter((text) => text !== undefined && text !== '').join(': ');
  return `${told}\n${await explainPods(kube, kube.namespace ?? '')}`;
}
