import type { ClusterPart } from '../../cluster/provider.ts';
import { isMeshed } from '../../deliverables/slots.ts';
import type { Mistake } from '../../errors.ts';
import { startPodState } from '../../monitoring/pod-state.ts';
import type { PodStateExporter } from '../../monitoring/pod-state.ts';
import { planFor } from '../../planning/plan.ts';
import { strategyName } from '../../planning/text.ts';
import { CANDIDATE } from '../../rollout/facts.ts';
import { argoStrategies } from '../../target/model/engines.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { badVersions } from '../strategies/bad-versions.ts';
import { observeDeployment } from '../strategies/deployed.ts';
import { lacksPredictions } from '../strategies/experiment.ts';
import { deployModel } from '../strategies/site.ts';
import { modelTraffic } from '../strategies/traffic.ts';
import type { ExperimentContext, ModelExperiment } from '../types.ts';
import { withPlannedTraffic } from '../under-traffic.ts';
import { rollOutByArgo } from './roll-out.ts';
import { bringUpRollout } from './site.ts';

/** As those of the other engine. In ms. */
const LIMIT_MS = 30 * 60_000;

/** Canary and blue-green once more, carried out by Argo Rollouts: the candidate, and then a version that its analysis has to turn back. */
export const argoExperiments: readonly ModelExperiment[] = argoStrategies.map((strategy) => ({
  id: `strategy.${strategy.replaceAll('_', '-')}.argo-rollouts`,
  kind: 'Model',
  title: `${strategyName(strategy)} by Argo Rollouts: a new version under traffic, and a bad one that its analysis has to turn back`,
  needs: needsOf(strategy),
  wants: ['load-balancer'],
  timeLimitMs: LIMIT_MS,
  lacks: (target) => lacksEngine(target) ?? lacksPredictions(target),
  run: (context) => run(context, strategy),
}));

async function run(context: ExperimentContext<ModelTarget>, strategy: ArgoStrategy): Promise<void> {
  const { target, cluster } = context;
  const address = cluster.monitoring?.receiver;
  const exporters: PodStateExporter[] = [];
  const { site, stopObserving } = await deployModel(context, strategy, async (draft) => {
    // Where no pod reaches this machine, states of pods are told by nobody, and the check on what was analysed says so.
    if (address !== undefined) exporters.push(await startPodState(draft.kube, address));
    await bringUpRollout(draft, strategy, exporters[0]?.address);
  });
  try {
    if (site === undefined) return;
    const plan = planFor(target, strategy);
    const { stable, candidate } = target.versions;
    await withPlannedTraffic(context, modelTraffic(site), async (watched) => {
      const rollout = { name: CANDIDATE, site, plan, from: stable, to: candidate };
      const serving = await watched(() => rollOutByArgo(rollout, strategy), CANDIDATE);
      await observeDeployment(site);
      const [bad] = badVersions(target);
      // After a candidate that did not hold nothing can be learnt about a worse one.
      if (serving === undefined || bad === undefined) return;
      const { defect, version: to } = bad;
      await watched(() => rollOutByArgo({ name: 'bad', site, plan, from: candidate, to, defect }, strategy), 'bad');
    });
  } finally {
    for (const exporter of exporters) exporter.close();
    await stopObserving();
  }
}

/** Weights are those of Istio, and analyses ask Prometheus. */
function needsOf(strategy: ArgoStrategy): ClusterPart[] {
  return isMeshed(strategy) ? ['istio', 'argo-rollouts', 'prometheus'] : ['argo-rollouts', 'prometheus'];
}

function lacksEngine({ engines, file }: ModelTarget): Mistake | undefined {
  if (engines.includes('argo-rollouts')) return undefined;
  return {
    what: 'The target does not declare Argo Rollouts as an engine',
    where: `${file} engines`,
    fix: 'write "engines: [kubernetes, argo-rollouts]" where it is what brings versions in',
  };
}
