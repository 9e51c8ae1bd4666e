import type { Phase, Plan, PlanAction } from '../planning/schema.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import type { Commands } from './commands.ts';
import { slotOf, workloadName } from './slots.ts';

/** Lines of shell that carry a plan out. A step that fails turns the candidate back. */
export function phaseLines(model: ModelDeclaration, plan: Plan, commands: Commands): string[] {
  if (plan.strategy === 'rolling') return rollingLines(plan, commands);
  if (plan.strategy === 'recreate') return recreateLines(model, plan, commands);
  return plan.phases.flatMap((phase) => [
    heading(phase),
    ...phase.actions.flatMap((action) => actionLines(model, plan, phase, action, commands)),
  ]);
}

/** Kubernetes itself replaces one pod after the other. */
function rollingLines({ phases }: Plan, commands: Commands): string[] {
  const minutes = phases.reduce((sum, { plannedMs }) => sum + plannedMs, 0) / 60_000;
  return [
    `phase 'Update Pods 1/${phases.length} to ${phases.length}/${phases.length} (${minutes} min)'`,
    ...[commands.apply('candidate'), commands.ready('candidate')].map(step),
    `step check_samples "${workloadOf('candidate')}"`,
  ];
}

/** Kubernetes itself stops what is there before it starts anything new, as the Deployment says. */
function recreateLines(model: ModelDeclaration, plan: Plan, commands: Commands): string[] {
  const [stop, start, ...rest] = plan.phases;
  return [
    ...(stop === undefined || start === undefined
      ? []
      : [`phase '${stop.name}, then ${start.name}: users notice an outage'`]),
    ...[commands.apply('candidate'), commands.ready('candidate')].map(step),
    ...rest.flatMap((phase) => [
      heading(phase),
      ...phase.actions.flatMap((action) => actionLines(model, plan, phase, action, commands)),
    ]),
  ];
}

function heading({ name, plannedMs }: Phase): string {
  return `phase '${name} (${plannedMs / 60_000} min)'`;
}

function step(command: string): string {
  return `step ${command}`;
}

function dwell({ plannedMs }: Phase): string {
  return `step dwell ${plannedMs / 1000}`;
}

function workloadOf(role: 'stable' | 'candidate'): string {
  return `$${role === 'candidate' ? 'CANDIDATE' : 'STABLE'}`;
}

function actionLines(
  model: ModelDeclaration,
  { strategy, phases }: Plan,
  phase: Phase,
  action: PlanAction,
  commands: Commands,
): string[] {
  switch (action.type) {
    case 'deploy':
      return [
        commands.apply(action.version),
        // A canary begins with one pod; everything else is delivered at its full size.
        ...(strategy === 'canary' && action.replicas > 1 ? [scale(model, strategy, action)] : []),
        commands.ready(action.version),
      ].map(step);
    case 'scale':
      return [scale(model, strategy, action), commands.ready(action.version)].map(step);
    case 'test':
      return [`step check_samples "${workloadOf(action.version)}"`, ...(phase.dwell ? [dwell(phase)] : [])];
    case 'switch':
      return commands.switchTo(action.to).map(step);
    case 'weight':
    case 'split':
      return commands.weigh(action.candidate).map(step);
    case 'monitor':
      return [dwell(phase)];
    case 'compare':
      return ['decide'];
    case 'promote':
      return [
        'if [[ $PROMOTE == candidate ]]; then',
        ...commands.weigh(100).map((command) => `  ${step(command)}`),
        'else',
        `  ${step('roll_back')}`,
        `  finish 'variant ${slotOf(strategy, 'stable') ?? ''} keeps all users'`,
        'fi',
      ];
    case 'decommission': {
      const isLast = phase === phases.at(-1);
      const late = strategy === 'canary' && isLast ? [commands.apply('autoscaler')] : [];
      return [...late, commands.remove('stable')].map(step);
    }
    case 'update-pod':
      throw new Error(`A plan of strategy ${strategy} replaces no single pods`);
  }
}

function scale(
  model: ModelDeclaration,
  strategy: Plan['strategy'],
  { version, replicas }: { version: 'stable' | 'candidate'; replicas: number },
): string {
  return `k scale deployment/${workloadName(model.name, strategy, version)} --replicas ${replicas}`;
}
