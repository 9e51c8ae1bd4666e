import {
  architecture,
  changes,
  firstToolCall,
  gitopsLive,
  solutionsEngineer,
  support,
} from '../../helpers/verdict/checks/index.ts';
import type { Check, Item, Levels, Standard } from '../../helpers/verdict/types.ts';
import { helmChart } from './rubric/01-helm-chart.ts';
import { configUpdates } from './rubric/02-config-updates.ts';
import { gitops } from './rubric/03-gitops.ts';
import { upgradeAndRollback } from './rubric/04-upgrade-rollback.ts';
import { runbooksForFailures } from './rubric/05-runbooks.ts';
import { supportModel } from './rubric/06-support.ts';
import { escalationPath } from './rubric/07-escalation.ts';
import { scorecard } from './scorecard.ts';

/** By Helm, through the gateway's administration, and by Git: the ways that the target declares. */
const rollback = [
  changes.helmRollback.restored,
  changes.apiRollback.restored,
  gitopsLive.revertRestores,
  ...[changes.helmRollback, changes.apiRollback].flatMap(({ made, servedByEveryPod, toolsCoherent, nothingStale }) => [
    made,
    servedByEveryPod,
    toolsCoherent,
    nothingStale,
  ]),
];

/** Rows that have neither checks nor a rubric stay `not run`; some of them only a person can fill in. */
const standard: Standard = {
  id: 'category-8',
  title: 'Category 8: Deployment and Operations',
  targetKinds: ['McpGateway'],
  items: [
    criterion(1, 'Helm chart available and documented for self-hosted server deployment in Kubernetes.', helmChart),
    criterion(
      2,
      'Zero-downtime configuration updates — gateway and policy changes do not interrupt in-flight calls.',
      configUpdates,
    ),
    criterion(3, 'GitOps-compatible — gateway, server, and policy configuration is expressible as code.', gitops),
    criterion(4, 'Upgrade and rollback process is documented and tested.', upgradeAndRollback),
    criterion(5, 'Runbooks for common failure scenarios.', runbooksForFailures),
    criterion(6, 'Vendor support model during the pilot: dedicated solutions engineer, response SLA.', supportModel),
    criterion(7, 'P0/P1 escalation path after the pilot, in production.', escalationPath),
    benchmark(
      1,
      'Deploy a self-hosted custom server to a Kubernetes namespace via Helm chart. Measure time from clean namespace to first successful tool call. Target: under 1 day.',
      [
        firstToolCall.servedWithinADay,
        firstToolCall.namespaceWasClean,
        firstToolCall.everyStepDone,
        firstToolCall.toolIsListed,
        firstToolCall.podsWereReady,
        firstToolCall.served,
        firstToolCall.staysServed,
      ],
    ),
    benchmark(2, 'Update a gateway configuration (add a tool). Verify in-flight calls are not dropped.', [
      changes.addTool.callsInFlight,
      ...Object.values(changes.addTool).filter((check) => check !== changes.addTool.callsInFlight),
    ]),
    benchmark(
      3,
      'Simulate a configuration rollback. Verify the rollback completes cleanly and the prior configuration is restored.',
      rollback,
    ),
    benchmark(
      4,
      'Stage a K8s namespace and confirm the Helm deployment matches the architecture recommended for production.',
      [
        architecture.components,
        architecture.replicas,
        architecture.spread,
        architecture.disruptionBudget,
        architecture.probes,
        architecture.resources,
        architecture.rollout,
        architecture.drain,
        architecture.autoscaling,
        architecture.storesAreExternal,
        architecture.storesUseTls,
        architecture.networkPolicies,
        architecture.networkPoliciesAreEnforced,
        architecture.podSecurity,
        architecture.serviceAccountTokens,
        architecture.secretsByReference,
        architecture.imagesArePinned,
        architecture.entryIsEncrypted,
      ],
    ),
    gate('Helm deployment', 'Full Kubernetes deployment via Helm chart in under 1 day', [
      firstToolCall.servedWithinADay,
      firstToolCall.deployedByHelmAlone,
      firstToolCall.everyStepDone,
      firstToolCall.podsWereReady,
      firstToolCall.served,
    ]),
    gate('Config safety', 'Gateway configuration changes are zero-downtime', changes.configSafety),
    gate('Rollback', 'Prior configuration can be restored cleanly', rollback),
    gate('Dedicated SE', 'A dedicated solutions engineer is available and responsive during the pilot', [
      solutionsEngineer.isDedicated,
      solutionsEngineer.isNamed,
      solutionsEngineer.isAvailable,
      support.firstResponseWithinSla,
      support.exportIsSound,
      support.exportCoversPilot,
      support.factsAreCurrent,
      support.factsAreReal,
    ]),
  ],
  scorecard,
};

export default standard;

function criterion(number: number, text: string, levels: Levels = {}): Item {
  return { id: `criterion-${String(number)}`, kind: 'criterion', number, text, levels };
}

function benchmark(number: number, text: string, checks: Check[] = []): Item {
  return { id: `benchmark-${String(number)}`, kind: 'benchmark', number, text, checks };
}

function gate(name: string, text: string, checks: Check[] = []): Item {
  return { id: `gate-${name.toLowerCase().replaceAll(' ', '-')}`, kind: 'gate', name, text, checks };
}
