import type { Check } from '../types.ts';
import * as architecture from './architecture.ts';
import * as changes from './changes.ts';
import * as chartLifecycle from './chart-lifecycle.ts';
import * as chartStatic from './chart-static.ts';
import * as escalation from './escalation.ts';
import * as firstToolCall from './first-tool-call.ts';
import * as gitopsLive from './gitops-live.ts';
import * as gitopsStatic from './gitops-static.ts';
import * as gitopsTraffic from './gitops-traffic.ts';
import { runbooks } from './runbooks.ts';
import * as modelAlerts from './model-alerts.ts';
import * as modelDeliverables from './deliverables.ts';
import * as modelAutoscaling from './model-autoscaling.ts';
import * as modelGates from './model-gates.ts';
import * as modelPackage from './model-package.ts';
import * as modelHealth from './model-health.ts';
import * as modelPitfalls from './model-pitfalls.ts';
import * as modelPlan from './model-plan.ts';
import * as modelReview from './model-review.ts';
import * as rollbackAftermath from './rollback-aftermath.ts';
import * as rollbacks from './rollbacks.ts';
import * as solutionsEngineer from './solutions-engineer.ts';
import { argoChecks, strategyChecks } from './strategies.ts';
import * as support from './support.ts';
import * as upgradeDocuments from './upgrade-documents.ts';
import * as upgrade from './upgrade.ts';
import * as worker from './worker.ts';

export {
  modelAlerts,
  modelDeliverables,
  modelPackage,
  modelAutoscaling,
  modelGates,
  modelHealth,
  modelPitfalls,
  modelPlan,
  modelReview,
  rollbackAftermath,
  rollbacks,
  strategyChecks,
  argoChecks,
  architecture,
  changes,
  chartLifecycle,
  chartStatic,
  escalation,
  firstToolCall,
  runbooks,
  solutionsEngineer,
  support,
  gitopsStatic,
  gitopsLive,
  gitopsTraffic,
  upgrade,
  upgradeDocuments,
  worker,
};

/** Every check that there is, whatever standard asks for it. */
export const catalogue: readonly Check[] = [
  changes.everyCheck,
  Object.values(runbooks).flat(),
  chartStatic,
  chartLifecycle,
  firstToolCall,
  architecture,
  support,
  modelPlan,
  modelReview,
  modelPackage,
  modelDeliverables.everyCheck,
  modelHealth,
  modelPitfalls,
  modelAutoscaling,
  modelGates.everyCheck,
  modelAlerts.everyCheck,
  rollbacks,
  rollbackAftermath,
  Object.values(strategyChecks).flat(),
  Object.values(argoChecks).flat(),
  solutionsEngineer,
  escalation,
  gitopsStatic,
  gitopsLive,
  gitopsTraffic,
  worker,
  upgrade.everyCheck,
  upgradeDocuments,
].flatMap((checks) => Object.values(checks));
