import {
  argoChecks,
  modelAlerts,
  modelAutoscaling,
  modelDeliverables,
  modelGates,
  modelHealth,
  modelPackage,
  modelPitfalls,
  modelPlan,
  modelReview,
  rollbackAftermath,
  rollbacks,
  strategyChecks,
} from '../../helpers/verdict/checks/index.ts';
import type { Check, Item } from '../../helpers/verdict/types.ts';

/** Users must notice neither of them; the strategies that need a mesh have rows of their own. */
const both = (name: keyof typeof modelGates.rolling) => [modelGates.rolling[name], modelGates.blueGreen[name]];

const { rolling, recreate, blueGreen, canary } = modelDeliverables.deliverables;
/** The scripts of strategies that need no mesh. */
const scripts = [rolling, recreate, blueGreen];

/** A list of the protocol; its rows are told together in the scorecard. */
export interface Section {
  /** Heading, as the protocol has it. */
  title: string;
  items: Item[];
}

/** The protocol's own lists, verbatim. A row whose checks are still to come stays `not run`. */
export const sections: readonly Section[] = [
  list('benchmark', 'planning', 'Step 1: Deployment Strategy Selection', 'Planning', [
    ['requirements', 'Assess deployment requirements', [modelPlan.requirementsAreAssessed]],
    ['strategy', 'Select deployment strategy', [modelPlan.strategyFits]],
    ['schedule', 'Plan rollout schedule', [modelPlan.totalsAddUp, modelPlan.reachesEverybody]],
    ['success-criteria', 'Define success criteria', [modelPlan.hasSuccessCriteria]],
    ['rollback', 'Prepare rollback plan', [modelPlan.everyPhaseHasRollback, modelPlan.hasRollbackTriggers]],
  ]),
  list('benchmark', 'strategy', 'Deployment Strategies', 'Strategy', [
    ['blue-green', 'High-risk changes -> Blue-Green', [...strategyChecks.blue_green, ...argoChecks.blue_green]],
    ['canary', 'Gradual rollout -> Canary', [...strategyChecks.canary, ...argoChecks.canary]],
    ['rolling', 'Standard updates -> Rolling', strategyChecks.rolling],
    ['recreate', 'Fast deployment -> Recreate', strategyChecks.recreate],
    ['a-b-test', 'A_B_TEST = "a_b_test"', strategyChecks.a_b_test],
  ]),
  list('benchmark', 'health', 'Step 4: Health Checks & Monitoring', 'Health', [
    ['overall', 'Comprehensive health check.', [modelHealth.overall]],
    ['model-loaded', 'Check if model is loaded.', [modelHealth.modelLoaded]],
    ['memory', 'Check memory usage.', [modelHealth.memory]],
    ['cpu', 'Check CPU usage.', [modelHealth.cpu]],
    ['response-time', 'Check average response time.', [modelHealth.responseTime]],
    ['error-rate', 'Check error rate.', [modelHealth.errorRate]],
  ]),
  list('benchmark', 'rollback', 'Step 5: Rollback Procedures', 'Rollback', [
    ['error-rate', '**Error Rate**: >5% of requests failing', [rollbacks.errorRate]],
    ['latency', '**Latency**: P95 latency >1 second', [rollbacks.latency]],
    ['availability', '**Availability**: <95% uptime', [rollbacks.availability, rollbackAftermath.borderline]],
    ['memory', '**Memory**: OOM errors detected', [rollbacks.memory]],
    ['manual', '**Manual**: Operator-initiated rollback', [rollbacks.manual]],
    ['rolling', 'Rolling Deployment Rollback', [modelGates.rolling.rollbackTime]],
    ['blue-green', 'Blue-Green Rollback', [modelGates.blueGreen.rollbackTime]],
    ['canary', 'Canary Rollback', Object.values(canary)],
    ['validation', 'Validation Steps', [rollbackAftermath.validation]],
    ['communication', 'Communication', [rollbackAftermath.communication]],
  ]),
  list('benchmark', 'scaling', 'Load Balancing & Scaling', 'Scaling', [
    [
      'load-balancer',
      'Load Balancer Configuration',
      [modelAutoscaling.keepsClients, modelAutoscaling.isNetworkLoadBalancer],
    ],
    [
      'autoscaler',
      'kind: HorizontalPodAutoscaler',
      [
        modelAutoscaling.isDeclared,
        modelAutoscaling.scalesUp,
        modelAutoscaling.staysWithinLimits,
        modelAutoscaling.scalesDown,
      ],
    ],
  ]),
  list('gate', 'gate-1', 'Gate 1: Pre-Deployment Validation', 'Gate 1', [
    ['package', 'Model package validated and tested', Object.values(modelPackage)],
    ['manifests', 'Deployment manifests reviewed', [modelReview.isTaken, modelReview.keepsPolicy]],
    ['resources', 'Resource requirements verified', both('resources')],
    ['health-checks', 'Health checks configured', [modelReview.hasProbes]],
    [
      'rollback-plan',
      'Rollback plan documented',
      [modelReview.hasRollbackPlan, ...scripts.flatMap(({ rollsBack, rollbackScript }) => [rollsBack, rollbackScript])],
    ],
  ]),
  list('gate', 'gate-2', 'Gate 2: Deployment Execution', 'Gate 2', [
    [
      'no-errors',
      'Deployment completed without errors',
      [...both('noErrors'), ...scripts.map(({ deploys }) => deploys)],
    ],
    ['pods', 'All pods running and ready', both('podsReady')],
    ['health-checks', 'Health checks passing', both('healthPassing')],
    ['load-balancer', 'Load balancer configured', both('loadBalancer')],
    ['metrics', 'Metrics collection active', both('metricsActive')],
  ]),
  list('gate', 'gate-3', 'Gate 3: Post-Deployment Validation', 'Gate 3', [
    ['accuracy', 'Prediction accuracy matches expectations', both('accuracy')],
    ['response-time', 'Response time <500ms (P95)', both('responseTime')],
    ['error-rate', 'Error rate <1%', both('errorRate')],
    ['resources', 'Resource usage within limits', both('resources')],
    ['alerts', 'Monitoring alerts configured', [...modelAlerts.everyCheck]],
  ]),
  list('benchmark', 'pitfall', 'Common Pitfalls & Solutions', 'Pitfall', [
    ['resources', 'Load test before production and set appropriate resource limits', [modelPitfalls.loadWithinLimits]],
    [
      'rollback-plan',
      'Always prepare and test rollback procedures before deployment',
      [modelReview.hasRollbackPlan, ...both('rollbackTime')],
    ],
    [
      'health-checks',
      'Implement comprehensive health and readiness probes',
      [modelReview.hasProbes, modelHealth.readinessTellsTheTruth],
    ],
    ['cold-start', 'Use readiness probes and warm-up periods', [modelPitfalls.warmWhenReady]],
  ]),
  list('gate', 'success', 'Success Criteria', 'Success', [
    ['deployment', '**Deployment Success**: 100% of pods running and ready', both('podsReady')],
    ['zero-downtime', '**Zero Downtime**: No service interruption during deployment', both('zeroDowntime')],
    ['response-time', '**Response Time**: P95 <500ms, P99 <1s', both('responseTime')],
    ['error-rate', '**Error Rate**: <1% of requests', both('errorRate')],
    ['availability', '**Availability**: >99.9% uptime', both('availability')],
    ['rollback-time', '**Rollback Time**: <5 minutes if needed', both('rollbackTime')],
  ]),
];

type Row = [id: string, text: string, checks?: Check[]];

function list(kind: 'benchmark' | 'gate', prefix: string, title: string, short: string, rows: Row[]): Section {
  return {
    title,
    items: rows.map(([id, text, checks = []], index) => ({
      id: `${prefix}-${id}`,
      kind,
      number: index + 1,
      // Views without sections still have to say which list a row is of.
      name: `${short}: ${text.replaceAll('**', '')}`,
      text,
      checks,
    })),
  };
}
