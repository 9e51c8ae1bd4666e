import { limitText, planned, strategyName, trialText } from '../planning/text.ts';
import type { Plan } from '../planning/schema.ts';
import type { Engine } from '../target/model/engines.ts';
import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { predictPort } from '../target/model/serving.ts';
import { argoCommands } from './argo/commands.ts';
import { commandsOf } from './commands.ts';
import { entryName } from './slots.ts';

const FENCE = '```';

/** How the candidate is turned back, for the person on call: when, by which commands, how to see that it worked, whom to tell. */
export function rollbackPlan(model: ModelDeclaration, plan: Plan, engine: Engine = 'kubernetes'): string {
  const { strategy, phases, rollback } = plan;
  const { stable, candidate } = model.versions;
  return [
    `# Rollback plan of ${model.name}`,
    '',
    `Strategy ${strategyName(strategy)}${engine === 'argo-rollouts' ? ' by Argo Rollouts' : ''}, from ${candidate.modelVersion} back to ${stable.modelVersion}. ${rollback.text}; over in less than ${planned(rollback.limitMs)}.`,
    '',
    'All commands are meant with `NAMESPACE` set to the namespace of the model: `export NAMESPACE=...`',
    '',
    '## Rollback triggers',
    '',
    'Any one of them is enough. Latency counts as average and as P95: whichever is reached first.',
    ...(engine === 'argo-rollouts'
      ? ['Argo Rollouts measures them by its analysis, and turns the candidate back by itself when one is reached.']
      : []),
    '',
    ...rollback.triggers.map((trigger, index) => `${index + 1}. ${limitText(trigger)}`),
    `${rollback.triggers.length + 1}. An operator says so`,
    '',
    '## Rollback procedure',
    '',
    'By script, whatever the phase:',
    '',
    `${FENCE}bash`,
    './deploy.sh --namespace "$NAMESPACE" --rollback',
    FENCE,
    '',
    'By hand:',
    '',
    `${FENCE}bash`,
    ...(engine === 'argo-rollouts' ? argoCommands(model) : commandsOf(model, strategy)).rollback.map(documented),
    FENCE,
    ...(engine === 'argo-rollouts' ? byController(model, strategy) : []),
    '',
    '## Phase by phase',
    '',
    '| # | phase | planned | in a trial | way back |',
    '| --- | --- | --- | --- | --- |',
    ...phases.map(
      (phase) =>
        `| ${phase.number} | ${phase.name} | ${planned(phase.plannedMs)} | ${trialText(phase, plan.trialFactor)} | ${phase.rollback.text} |`,
    ),
    '',
    '## Validation',
    '',
    ...validation(model, strategy),
    '',
    '## Communication',
    '',
    ...communication(model),
    '',
  ].join('\n');
}

/** What the controller can be told, and what it does not do by itself. */
function byController(model: ModelDeclaration, strategy: Strategy): string[] {
  const { abort, retry } = argoCommands(model);
  return [
    '',
    'Where manifests come from Git, what is applied by hand is undone. There, have the controller turn the candidate back, and revert it in Git:',
    '',
    `${FENCE}bash`,
    documented(abort),
    FENCE,
    '',
    `To try the candidate again instead: \`${documented(retry)}\``,
    ...(strategy === 'blue_green'
      ? [
          '',
          '**Not by itself**: once users were switched, Argo Rollouts (1.10, by its sources) sends them back only while all pods of the candidate are ready. When some are not, take the script or the commands by hand: where the stable version is asked for, it goes back at once.',
        ]
      : []),
  ];
}

function documented(command: string): string {
  return command.replaceAll(/(^|\|\| )k /g, '$1kubectl --namespace "$NAMESPACE" ');
}

function validation(model: ModelDeclaration, strategy: Strategy): string[] {
  const { readiness } = model.healthChecks;
  const port = predictPort(model.serving);
  const address = `kubectl --namespace "$NAMESPACE" get service ${entryName(model.name)} --output jsonpath='{.status.loadBalancer.ingress[0].ip}'`;
  const health =
    'path' in readiness
      ? [`1. Ask for its health: \`curl --fail "http://$(${address})${readiness.path}"\``]
      : 'exec' in readiness
        ? [
            `1. Ask each pod for its health: \`kubectl --namespace "$NAMESPACE" exec POD -- ${readiness.exec.command.join(' ')}\``,
          ]
        : [`1. Ask \`grpc.health.v1\` at the ${port} port of \`$(${address})\``];
  return [
    ...health,
    `2. All pods are ready, and of version ${model.versions.stable.modelVersion}: \`kubectl --namespace "$NAMESPACE" get pods --selector app=${model.name} --label-columns version,model-version\``,
    `3. ${samplesText(model)}`,
    `4. Error rate below ${100 * model.slo.errorRate} %, P95 below ${planned(model.slo.p95Ms)}, P99 below ${planned(model.slo.p99Ms)} on the dashboard`,
    `5. No new errors in the logs: \`kubectl --namespace "$NAMESPACE" logs --selector app=${model.name} --since=5m\``,
    ...(strategy === 'recreate' ? ['6. The second outage is over, and its length is noted'] : []),
  ];
}

function samplesText({ samples }: ModelDeclaration): string {
  return `Predict the samples: ${samples.map(({ name, expected }) => `${name} must give ${inlineJson(expected)}`).join('; ')}`;
}

function inlineJson(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function communication({ communication: declared }: ModelDeclaration): string[] {
  if (declared === undefined) {
    return [
      '**Nobody is named.** Declare `communication:` in target.yaml, and write this plan anew before it is needed.',
    ];
  }
  return [
    `- Tell ${declared.channel} when a rollback begins, and when it is over`,
    `- Update the incident ticket in ${declared.incidents}`,
    '- Write down why it was rolled back, and what was seen',
  ];
}
