import type { ClusterPart } from '../../cluster/provider.ts';
import type { Mistake } from '../../errors.ts';
import { isMeshed } from '../../deliverables/slots.ts';
import { planFor } from '../../planning/plan.ts';
import { strategyName } from '../../planning/text.ts';
import { CANDIDATE } from '../../rollout/facts.ts';
import type { AccuracyFact } from '../../rollout/facts.ts';
import { predictionsOf } from '../../serving/requests.ts';
import { strategies } from '../../target/model/schema.ts';
import type { ModelTarget, Strategy } from '../../target/model/schema.ts';
import { withPlannedTraffic } from '../under-traffic.ts';
import type { ExperimentContext, ModelExperiment } from '../types.ts';
import { accuracyOf } from './accuracy.ts';
import { badVersions } from './bad-versions.ts';
import { observeDeployment } from './deployed.ts';
import { rollOut } from './roll-out.ts';
import { deployModel } from './site.ts';
import { modelTraffic } from './traffic.ts';

/** Two rollouts of which nothing gets ready take this long; those of a model that starts in seconds take three minutes. In ms. */
const LIMIT_MS = 30 * 60_000;

/** Id of a strategy's experiment, e.g. `strategy.blue-green`. */
function strategyExperimentId(strategy: Strategy): string {
  return `strategy.${strategy.replaceAll('_', '-')}`;
}

/** The five strategies: each brings the candidate in as it is planned, and then a version that is known to be bad. */
export const strategyExperiments: readonly ModelExperiment[] = strategies.map((strategy) => ({
  id: strategyExperimentId(strategy),
  kind: 'Model',
  title: `${strategyName(strategy)}: a new version under traffic, and a bad one that has to be turned back`,
  needs: needsOf(strategy),
  // Without one, users enter by the node port of the same Service.
  wants: ['load-balancer'],
  timeLimitMs: LIMIT_MS,
  lacks: lacksPredictions,
  async run(context) {
    const { target } = context;
    const { site, stopObserving } = await deployModel(context, strategy);
    try {
      if (site === undefined) return;
      const plan = planFor(target, strategy);
      const { stable, candidate } = target.versions;
      const before = await accuracyOf(site, 'stable');
      await withPlannedTraffic(context, modelTraffic(site), async (watched) => {
        const rollout = { name: CANDIDATE, site, plan, from: stable, to: candidate };
        const serving = await watched(() => rollOut(rollout), CANDIDATE);
        await observeDeployment(site);
        const after = await accuracyOf(site, CANDIDATE);
        recordAccuracy(context, [before, after]);
        const [bad] = badVersions(target);
        // After a candidate that did not hold nothing can be learnt about a worse one.
        if (serving === undefined || bad === undefined) return;
        const next = { ...site, flipped: serving === 'candidate' };
        const from = target.versions[serving];
        const { defect, version } = bad;
        await watched(() => rollOut({ name: 'bad', site: next, plan, from, to: version, defect }), 'bad');
      });
    } finally {
      await stopObserving();
    }
  },
}));

function recordAccuracy(
  { target, history }: ExperimentContext<ModelTarget>,
  counted: readonly (AccuracyFact['versions'][number] | undefined)[],
): void {
  if (target.accuracy === undefined) return;
  const { minimum, mayLose } = target.accuracy;
  const fact: AccuracyFact = { minimum, mayLose, versions: counted.filter((one) => one !== undefined) };
  history.fact('accuracy', fact);
}

/** Calls are spread by weights in a mesh alone. */
function needsOf(strategy: Strategy): ClusterPart[] {
  return isMeshed(strategy) ? ['istio'] : [];
}

export function lacksPredictions(target: ModelTarget): Mistake | undefined {
  if (predictionsOf(target).length > 0) return undefined;
  return {
    what: 'The traffic asks for the declared samples, and there are none, or their protocol is not spoken on the declared ports',
    where: `${target.file} samples, serving.ports`,
    fix: 'declare samples with what they are expected to give; kserve-v2 is asked over HTTP: declare serving.ports.http',
  };
}
