/** Reads the options of `deploy.sh`, and goes to its folder. */
export const options = `NAMESPACE=''
FACTOR='1'
ASK_SAMPLES='yes'
PROMOTE=''
ROLLBACK='no'
while (($# > 0)); do
  case $1 in
    --namespace) NAMESPACE=\${2:?'--namespace needs a name'}; shift 2 ;;
    --factor) FACTOR=\${2:?'--factor needs a number'}; shift 2 ;;
    --promote) PROMOTE=\${2:?'--promote needs stable or candidate'}; shift 2 ;;
    --no-samples) ASK_SAMPLES='no'; shift ;;
    --rollback) ROLLBACK='yes'; shift ;;
    --help) usage; exit 0 ;;
    *) printf 'unknown option: %s\\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
done
if [[ -z $NAMESPACE ]]; then usage >&2; exit 2; fi
if [[ ! $FACTOR =~ ^[0-9]*\\.?[0-9]+$ ]]; then printf 'not a number: %s\\n' "$FACTOR" >&2; exit 2; fi
if [[ -n $PROMOTE && $PROMOTE != stable && $PROMOTE != candidate ]]; then usage >&2; exit 2; fi
cd "$(dirname "\${BASH_SOURCE[0]}")"`;

/** What the phases are made of. */
export const library = `PHASE='preparation'

k() { kubectl --namespace "$NAMESPACE" "$@"; }

say() { printf '%s %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }

phase() {
  PHASE=$1
  say "phase: $PHASE"
}

# A step that fails turns the candidate back.
step() {
  say "  $*"
  "$@" || turn_back "$PHASE: failed: $*"
}

turn_back() {
  say "$1"
  say 'rolling back'
  if roll_back; then say 'rolled back'; else say 'THE ROLLBACK FAILED: see rollback-plan.md'; fi
  exit 1
}

finish() {
  say "$1"
  exit 0
}

# All replicas of the candidate available (one that the autoscaler has just added is waited for), and none of them killed for its memory.
healthy() {
  local reasons
  k rollout status "deployment/$CANDIDATE" --timeout 60s >/dev/null || return 1
  reasons=$(k get pods --selector "$CANDIDATE_PODS" --output jsonpath='{.items[*].status.containerStatuses[*].lastState.terminated.reason}') || return 1
  if [[ $reasons == *OOMKilled* ]]; then say '  a pod of the candidate was killed for its memory'; return 1; fi
}

# Watches the candidate for that many seconds, times the factor.
dwell() {
  local left
  left=$(awk -v planned="$1" -v factor="$FACTOR" 'BEGIN { printf "%d", planned * factor + 0.999 }')
  local end=$((SECONDS + left))
  while ((SECONDS < end)); do
    healthy || return 1
    sleep "$((end - SECONDS < 5 ? end - SECONDS : 5))"
  done
  healthy
}`;
