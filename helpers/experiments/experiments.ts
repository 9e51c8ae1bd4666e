import { didYouMean } from '../config/suggest.ts';
import { UserError } from '../errors.ts';
import { modelAlerts } from './alerts/experiment.ts';
import { architecture } from './architecture.ts';
import { argoExperiments } from './argo/experiment.ts';
import { changeExperiments } from './changes/catalogue.ts';
import { changeExperiment } from './changes/experiment.ts';
import { chartLifecycle } from './chart-lifecycle.ts';
import { chartStatic } from './chart-static.ts';
import { failureExperiments } from './failures.ts';
import { firstToolCall } from './first-tool-call.ts';
import { gitopsDeploy } from './gitops-deploy.ts';
import { gitopsFaults } from './gitops-faults.ts';
import { gitopsStatic } from './gitops-static.ts';
import { runbooksStatic } from './runbooks-static.ts';
import { modelHealth } from './health/experiment.ts';
import { modelPitfalls } from './pitfalls/experiment.ts';
import { modelPlan } from './model-plan.ts';
import { deliverableExperiments } from './deliverables/experiment.ts';
import { modelPackage } from './package/experiment.ts';
import { modelAutoscaling } from './strategies/autoscaling.ts';
import { strategyExperiments } from './strategies/experiment.ts';
import { modelReview } from './strategies/review.ts';
import { rollbackTriggers } from './strategies/triggers.ts';
import { supportFacts } from './support-facts.ts';
import type { AnyExperiment } from './types.ts';
import { workerProtocol } from './worker-protocol.ts';
import { upgradeDocuments } from './upgrade/documents.ts';
import { failingUpgrades } from './upgrade/failing.ts';
import { upgradePath } from './upgrade/path.ts';

/** Every experiment, by its id. */
const experiments: ReadonlyMap<string, AnyExperiment> = new Map(
  [
    modelPlan,
    chartStatic,
    chartLifecycle,
    firstToolCall,
    architecture,
    supportFacts,
    gitopsDeploy,
    gitopsFaults,
    gitopsStatic,
    workerProtocol,
    upgradeDocuments,
    upgradePath,
    ...failingUpgrades,
    runbooksStatic,
    ...strategyExperiments,
    ...argoExperiments,
    rollbackTriggers,
    modelAlerts,
    modelReview,
    modelPackage,
    ...deliverableExperiments,
    modelHealth,
    modelPitfalls,
    modelAutoscaling,
    ...failureExperiments,
    ...changeExperiments.map(changeExperiment),
  ].map((experiment) => [experiment.id, experiment]),
);

/** @throws UserError naming the experiments that there are. */
export function experimentById(id: string): AnyExperiment {
  const experiment = experiments.get(id);
  if (experiment !== undefined) return experiment;
  const known = [...experiments.keys()];
  throw new UserError({
    what: `There is no experiment "${id}"`,
    where: `experiment('${id}')`,
    fix: didYouMean(id, known) ?? `use one of ${known.join(', ')}`,
  });
}

/** What an experiment may take at most, in ms; undefined when there is none of that id. Long ones have long limits: that tells them apart. */
export function timeLimitOf(id: string): number | undefined {
  return experiments.get(id)?.timeLimitMs;
}
