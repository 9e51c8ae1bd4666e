import type { Plan } from '../../planning/schema.ts';
import { planned, strategyName, totalText } from '../../planning/text.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import { isMeshed } from '../slots.ts';
import { neededObjects } from '../script.ts';
import { argoCommands } from './commands.ts';

/** Beyond what is planned, in seconds: pods that start slowly, and the version before that is kept for a while. */
const SPARE_SECONDS = 600;

/** `deploy.sh` for Argo Rollouts: the controller does what is planned, and turns the candidate back; the script sets it to work and waits. */
export function argoDeployScript(model: ModelDeclaration, plan: Plan): string {
  const { apply, rollback } = argoCommands(model);
  const { candidate } = model.versions;
  const kinds = ['rollouts.argoproj.io', ...(isMeshed(plan.strategy) ? ['virtualservices.networking.istio.io'] : [])];
  return [
    '#!/usr/bin/env bash',
    `# Brings version ${candidate.modelVersion} of the model ${model.name} in: ${strategyName(plan.strategy)} by Argo Rollouts, ${planned(plan.totals.plannedMs)} as planned.`,
    '# Written by `seatrial deliver` from target.yaml: change that, and write this anew.',
    'set -euo pipefail',
    '',
    `readonly APP='${model.name}'`,
    '',
    usage(plan),
    '',
    OPTIONS,
    '',
    waitFunction(Math.round(plan.totals.plannedMs / 1000) + SPARE_SECONDS),
    '',
    '# The stable version is what is asked for again: the controller goes back to it from whatever phase.',
    'roll_back() {',
    ...rollback.map((command) => `  ${command}`),
    "  rolled_out || { say 'THE ROLLBACK FAILED: see rollback-plan.md'; exit 1; }",
    "  say 'rolled back'",
    '}',
    '',
    'if [[ $ROLLBACK == yes ]]; then roll_back; exit 0; fi',
    '',
    ...kinds.map((crd) => `kubectl get crd ${crd} >/dev/null || { printf '${crd} is not installed\\n' >&2; exit 2; }`),
    ...neededObjects(model),
    'say "preparation in namespace $NAMESPACE"',
    '# What the controller has weighed and switched must not be undone by the way.',
    `if ! k get "rollout/$APP" >/dev/null 2>&1; then`,
    `  ${apply('base', 'analysis')}`,
    '  k apply --filename load-balancer.yaml',
    `  ${apply('stable')}`,
    // An autoscaler adds to the one replica that the controller begins with, but not before it has looked.
    ...(model.autoscaling === undefined ? [] : [`  k scale "rollout/$APP" --replicas ${model.replicas}`]),
    'fi',
    "rolled_out || { say 'the stable version is not well: nothing was changed'; exit 1; }",
    '',
    `say 'version ${candidate.modelVersion} comes in, phase by phase'`,
    apply('analysis', 'candidate'),
    "rolled_out || { say 'the candidate did not hold'; roll_back; exit 1; }",
    `say 'version ${candidate.modelVersion} serves all users'`,
    '',
  ].join('\n');
}

function usage(plan: Plan): string {
  return [
    'usage() {',
    "  cat <<'USAGE'",
    'usage: deploy.sh --namespace NAMESPACE [options]',
    '',
    totalText(plan),
    'Its dwell times stand in the Rollout.',
    '',
    '  --rollback                  back to the stable version, whatever the phase',
    'USAGE',
    '}',
  ].join('\n');
}

const OPTIONS = `NAMESPACE=''
ROLLBACK='no'
while (($# > 0)); do
  case $1 in
    --namespace) NAMESPACE=\${2:?'--namespace needs a name'}; shift 2 ;;
    --rollback) ROLLBACK='yes'; shift ;;
    --help) usage; exit 0 ;;
    *) printf 'unknown option: %s\\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
done
if [[ -z $NAMESPACE ]]; then usage >&2; exit 2; fi
cd "$(dirname "\${BASH_SOURCE[0]}")"

k() { kubectl --namespace "$NAMESPACE" "$@"; }

say() { printf '%s %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }`;

/** @param seconds after which it has taken too long. */
function waitFunction(seconds: number): string {
  return `# Waits until the controller is done with what the Rollout asks for; fails when it has turned it back.
rolled_out() {
  local end=$((SECONDS + ${seconds})) generation observed phase step last='' message=''
  while ((SECONDS < end)); do
    read -r generation observed phase step message < <(k get "rollout/$APP" --output jsonpath='{.metadata.generation} {.status.observedGeneration} {.status.phase} {.status.currentStepIndex} {.status.message}') || true
    if [[ $generation == "$observed" ]]; then
      case $phase in
        Healthy) return 0 ;;
        Degraded) say "  $step $message"; return 1 ;;
        *) if [[ "$phase $step" != "$last" ]]; then last="$phase $step"; say "  $last"; fi ;;
      esac
    fi
    sleep 2
  done
  say '  it has taken too long'
  return 1
}`;
}
