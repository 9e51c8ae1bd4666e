import type { Mistake } from '../../errors.ts';
import { entryName, workloadName } from '../../deliverables/slots.ts';
import { entryService } from '../../deliverables/services.ts';
import { autoscaler } from '../../deliverables/workloads.ts';
import type { Autoscaler } from '../../deliverables/objects.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { resolveEndpoint } from '../../mcp/endpoint.ts';
import { autoscalerFact } from '../../rollout/scaling-facts.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { own, trial } from '../steps.ts';
import type { ModelExperiment } from '../types.ts';
import { withPlannedTraffic } from '../under-traffic.ts';
import { affinityOf } from './affinity.ts';
import { lacksPredictions } from './experiment.ts';
import { observeScaling } from './scaling.ts';
import { apply, deployModel } from './site.ts';
import type { Site } from './site.ts';
import { modelTraffic } from './traffic.ts';
import { usageOf } from './usage.ts';

const LIMIT_MS = 20 * 60_000;
/** Metrics of new pods are there after a round or two of the metrics server, in ms. */
const METRICS_LIMIT_MS = 3 * 60_000;
/** The autoscaler looks every 15 s at metrics that are up to a minute old; then pods have to get ready. In ms. */
const UP_LIMIT_MS = 4 * 60_000;
/** The same, and two rounds of the policy that halves the replicas once a minute, in ms. */
const DOWN_LIMIT_MS = 6 * 60_000;
/** Shorter than two rounds of the autoscaler, a window would hold nothing back. In seconds. */
const SHORTEST_WINDOW_S = 30;
/** Calls a second. The way is the one of many users: each connection meets whichever pod. */
const RATES = { newConnection: 60, keptAlive: 60, batch: 20, session: 0, control: 10 } as const;

const STRATEGY = 'rolling';
const SEAT = { strategy: STRATEGY, role: 'candidate' } as const;

/**
 * The autoscaler driven up by load and back down without it, and the load balancer's affinity tried by calls of one client. Steps:
 * `autoscaler`, `metrics`, `affinity`, `scale-up`, `scale-down`. Facts: `autoscaler`, `annotations`, `affinity`, `usage`, `replicas`.
 */
export const modelAutoscaling: ModelExperiment = {
  id: 'model.autoscaling',
  kind: 'Model',
  title: 'Replicas follow the load, and clients keep their pod',
  needs: ['metrics', 'load-balancer'],
  timeLimitMs: LIMIT_MS,
  lacks: (target) => lacksAutoscaling(target) ?? lacksPredictions(target),
  async run(context) {
    const { target, history, signal } = context;
    const { site, stopObserving } = await deployModel(context, STRATEGY);
    try {
      if (site === undefined) return;
      const { metadata } = await site.kube.get(kinds.service, { name: entryName(target.name) });
      history.fact('annotations', metadata?.annotations ?? {});
      const spreadUrl = await own(context, 'spread', 'make a way in without affinity', () => wayWithoutAffinity(site));
      await trial(context, 'affinity', 'call as one client over many connections', async () => {
        history.fact('affinity', await affinityOf(site, spreadUrl));
      });
      const scaler = autoscaler(target, SEAT);
      if (scaler === undefined) throw new Error('the target declares no autoscaling');
      const scaling = observeScaling(site, workloadName(target.name, STRATEGY, SEAT.role));
      try {
        await trial(context, 'autoscaler', 'set the autoscaler up', () => setUp(site, scaler));
        const quiet = await trial(context, 'metrics', 'wait until it knows what pods use', () =>
          settled(site, METRICS_LIMIT_MS),
        );
        if (quiet === undefined) return;
        const plan = { ...modelTraffic({ ...site, url: spreadUrl }), rates: RATES };
        const up = await withPlannedTraffic(context, plan, () => scaledUp(site));
        if (up === undefined) return;
        await trial(context, 'scale-down', 'wait until the replicas are gone again', () =>
          settled(site, DOWN_LIMIT_MS),
        );
      } finally {
        history.fact('replicas', await scaling.stop());
      }
      signal.throwIfAborted();
    } finally {
      await stopObserving();
    }
  },
};

function lacksAutoscaling({ autoscaling, file }: ModelTarget): Mistake | undefined {
  if (autoscaling !== undefined) return undefined;
  return {
    what: 'The target declares no autoscaling, so there is none to be tried',
    where: `${file} autoscaling`,
    fix: 'declare e.g. "autoscaling: { maxReplicas: 10 }", or say under notApplicable why there is none',
  };
}

/** The autoscaler as it is declared, but for the window of scaling down, which is shortened by the trial's factor. */
async function setUp(site: Site, declared: Autoscaler): Promise<boolean> {
  const { target, history } = site.context;
  const { scaleUp, scaleDown } = declared.spec.behavior ?? {};
  const declaredWindow = scaleDown?.stabilizationWindowSeconds ?? 0;
  const windowSeconds = Math.min(declaredWindow, Math.max(SHORTEST_WINDOW_S, declaredWindow * target.trialFactor));
  const shortened = structuredClone(declared);
  if (shortened.spec.behavior?.scaleDown !== undefined)
    shortened.spec.behavior.scaleDown.stabilizationWindowSeconds = windowSeconds;
  const metric = (name: string) =>
    declared.spec.metrics?.find(({ resource }) => resource?.name === name)?.resource?.target.averageUtilization;
  history.fact(
    'autoscaler',
    autoscalerFact.parse({
      replicas: target.replicas,
      min: declared.spec.minReplicas,
      max: declared.spec.maxReplicas,
      cpu: metric('cpu'),
      memory: metric('memory'),
      scaleUp,
      scaleDown,
      trial: { factor: target.trialFactor, windowSeconds },
    }),
  );
  await apply(site, [shortened]);
  return true;
}

/** A Service beside the one of the target: by that one, all load of this machine, which is one client, would meet a single pod. */
async function wayWithoutAffinity(site: Site): Promise<string> {
  const { context, kube } = site;
  const { metadata, spec } = entryService(context.target, STRATEGY);
  const { sessionAffinity: _, sessionAffinityConfig: __, ...rest } = spec ?? {};
  const name = `${context.target.name}-spread`;
  await apply(site, [
    { apiVersion: 'v1', kind: 'Service', metadata: { name, labels: metadata?.labels ?? {} }, spec: rest } as never,
  ]);
  return resolveEndpoint(kube, { service: name, port: rest.ports?.[0]?.name ?? '', path: '/' }, context.signal);
}

/** The autoscaler knows the use of the pods, and asks for no more than the smallest number of them, which are there. */
async function settled({ kube, namespace, context }: Site, timeoutMs: number): Promise<boolean> {
  const { name, replicas } = context.target;
  await waitFor(
    kube,
    `the autoscaler asks for ${String(replicas)} replicas, and they are all`,
    { resource: kinds.horizontalPodAutoscaler, selection: { namespace, name } },
    ([scaler]) =>
      (scaler?.status?.currentMetrics ?? []).some(
        ({ resource }) => resource?.current.averageUtilization !== undefined,
      ) &&
      scaler?.status?.desiredReplicas === replicas &&
      scaler.status.currentReplicas === replicas,
    { timeoutMs, signal: context.signal },
  );
  return true;
}

/** Waits under load until replicas were added and all are ready, and looks at what they use then. */
function scaledUp(site: Site): Promise<boolean | undefined> {
  const { kube, namespace, context } = site;
  const { name, replicas } = context.target;
  const selection = { namespace, labelSelector: `app=${name}` };
  return trial(context, 'scale-up', 'wait until the load has brought replicas', async () => {
    await waitFor(
      kube,
      `more than ${String(replicas)} replicas are ready`,
      { resource: kinds.pod, selection },
      (pods) => pods.length > replicas && pods.every(isReady),
      { timeoutMs: UP_LIMIT_MS, signal: context.signal },
    );
    const { items } = await kube.list(kinds.pod, selection);
    context.history.fact('usage', await usageOf(site, items));
    return true;
  });
}
