import type { Plan } from '../planning/schema.ts';
import { planned, strategyName, totalText } from '../planning/text.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { predictPort } from '../target/model/serving.ts';
import { commandsOf } from './commands.ts';
import { sampleRequest } from './sample-request.ts';
import { library, options } from './script-library.ts';
import { phaseLines } from './script-steps.ts';
import { isMeshed, slotOf, workloadName } from './slots.ts';

/** `deploy.sh`: brings the candidate in as it is planned, and turns it back when a step fails or when it is told to. */
export function deployScript(model: ModelDeclaration, plan: Plan): string {
  const { strategy } = plan;
  const commands = commandsOf(model, strategy);
  const hasStable = slotOf(strategy, 'stable') !== undefined;
  return [
    '#!/usr/bin/env bash',
    `# Brings version ${model.versions.candidate.modelVersion} of the model ${model.name} in: ${strategyName(strategy)}, ${planned(plan.totals.plannedMs)} as planned.`,
    '# Written by `seatrial deliver` from target.yaml: change that, and write this anew.',
    '# shellcheck disable=SC2317  # step calls functions by their name',
    'set -euo pipefail',
    '',
    `readonly APP='${model.name}'`,
    ...(hasStable ? [`readonly STABLE='${workloadName(model.name, strategy, 'stable')}'`] : []),
    `readonly CANDIDATE='${workloadName(model.name, strategy, 'candidate')}'`,
    `readonly CANDIDATE_PODS='app=${model.name},model-version=${model.versions.candidate.modelVersion}'`,
    '',
    usage(plan),
    '',
    options,
    '',
    library,
    '',
    samples(model),
    '',
    'roll_back() {',
    ...commands.rollback.map((command) => `  ${rescued(command)} || return 1`),
    '}',
    '',
    main(model, plan, hasStable),
    '',
    ...phaseLines(model, plan, commands),
    '',
    `finish 'version ${model.versions.candidate.modelVersion} serves all users'`,
    '',
  ].join('\n');
}

/** In a list of alternatives, all of them have to fail before it does. */
function rescued(command: string): string {
  return command.includes(' || ') ? `{ ${command}; }` : command;
}

function usage(plan: Plan): string {
  const promote =
    plan.strategy === 'a_b_test'
      ? ['  --promote stable|candidate  which variant the comparison found better; without it, the script ends there']
      : [];
  return [
    'usage() {',
    "  cat <<'USAGE'",
    'usage: deploy.sh --namespace NAMESPACE [options]',
    '',
    totalText(plan),
    '',
    '  --rollback                  back to the stable version, whatever the phase',
    '  --factor FACTOR             what dwell times are multiplied by (default: 1, as planned)',
    '  --no-samples                ask no predictions by way of the API server',
    ...promote,
    'USAGE',
    '}',
  ].join('\n');
}

function samples(model: ModelDeclaration): string {
  const port = predictPort(model.serving);
  const asked = model.samples.flatMap((sample) => {
    const request = sampleRequest(model, sample);
    if (request === undefined) return [];
    const texts = Object.values(sample.expected).filter((value) => typeof value === 'string');
    return [
      `  ask "$1" ${quoted(request.path)} ${quoted(JSON.stringify(request.body))} ${texts.map((text) => quoted(JSON.stringify(text))).join(' ')}`.trimEnd() +
        ' || return 1',
    ];
  });
  if (asked.length === 0) {
    return [
      '# The model is asked by gRPC alone: that its pods are ready has to do.',
      'check_samples() { healthy; }',
    ].join('\n');
  }
  return `# kubectl alone cannot say of what type a body is, and servers want to know: requests go by its proxy, for as long as this script runs.
WAY=''
open_way() {
  if [[ -n $WAY ]]; then return 0; fi
  WAY=$(mktemp -d)
  kubectl proxy --unix-socket "$WAY/socket" >/dev/null &
  local proxy=$!
  trap "kill $proxy 2>/dev/null || true; rm -rf '$WAY'" EXIT
  until [[ -S $WAY/socket ]]; do
    kill -0 "$proxy" 2>/dev/null || return 1
    sleep 0.1
  done
}

# Asks the service $1 by way of the API server; each text that follows path and body must be in the answer.
ask() {
  local path="/api/v1/namespaces/$NAMESPACE/services/$1:${port}/proxy$2" body=$3 answer text
  shift 3
  open_way || return 1
  answer=$(printf '%s' "$body" | curl --silent --show-error --fail-with-body --max-time 60 --unix-socket "$WAY/socket" \\
    --header 'content-type: application/json' --data-binary @- "http://localhost$path") || { say "  $answer"; return 1; }
  for text in "$@"; do
    if [[ $answer != *"$text"* ]]; then say "  expected $text in: $answer"; return 1; fi
  done
}

check_samples() {
  healthy || return 1
  if [[ $ASK_SAMPLES == no ]]; then return 0; fi
${asked.join('\n')}
}`;
}

function main(model: ModelDeclaration, { strategy }: Plan, hasStable: boolean): string {
  const commands = commandsOf(model, strategy);
  const needs = [
    `if [[ $ASK_SAMPLES == yes ]]; then command -v curl >/dev/null || { printf 'curl is not installed, by which predictions are asked: see --no-samples\\n' >&2; exit 2; }; fi`,
    ...(isMeshed(strategy)
      ? [
          `kubectl get crd virtualservices.networking.istio.io >/dev/null || { printf 'Istio is not installed: calls cannot be spread by weights\\n' >&2; exit 2; }`,
        ]
      : []),
    ...neededObjects(model),
  ];
  const stable = [
    'if ! k get "deployment/$STABLE" >/dev/null 2>&1; then',
    `  ${commands.apply('stable')}`,
    'fi',
    commands.ready('stable'),
  ];
  return [
    "if [[ $ROLLBACK == yes ]]; then roll_back; finish 'rolled back'; fi",
    '',
    ...(strategy === 'a_b_test'
      ? [
          '# Without a decision it ends here: which variant is better is for people to say, or for whoever calls this script.',
          'decide() {',
          "  if [[ -z $PROMOTE ]]; then finish 'compared: say which is better with --promote'; fi",
          '}',
          '',
        ]
      : []),
    ...needs,
    'say "preparation in namespace $NAMESPACE"',
    // Where users enter is left as it is once it is there: what was switched or weighed must not be undone by the way.
    ...['service/$APP'].map((entry) => `if ! k get "${entry}" >/dev/null 2>&1; then ${commands.apply('base')}; fi`),
    ...(hasStable ? stable : []),
    'if ! k get "service/$APP-lb" >/dev/null 2>&1; then k apply --filename load-balancer.yaml; fi',
  ].join('\n');
}

/** Lines that end the script where something is missing that nobody delivers. */
export function neededObjects(model: ModelDeclaration): string[] {
  return [
    ...(model.storage === undefined
      ? []
      : [required('persistentvolumeclaim', model.storage.claim, 'it holds the model')]),
    ...secretsOf(model, 'candidate').map((name) => required('secret', name, 'the environment of the model is in it')),
  ];
}

function required(kind: string, name: string, why: string): string {
  return `k get ${kind} ${name} >/dev/null || { printf 'there is no ${kind} ${name}: ${why}\\n' >&2; exit 2; }`;
}

/** What nobody delivers: Secrets come from whoever may know them. */
function secretsOf({ env, versions }: ModelDeclaration, role: 'stable' | 'candidate'): string[] {
  const values = Object.values({ ...env, ...versions[role].env });
  return [...new Set(values.flatMap((value) => (typeof value === 'string' ? [] : [value.secret])))].toSorted();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
