import { ofFamily } from '../twin.ts';
import type { Patch, Twin } from '../twin.ts';

const file = 'docs/runbooks/database-down.md';

/** Puts another script into one block of the runbook for a database that is down. */
function block(tag: string, script: string): Patch {
  const fence = '```';
  return {
    file,
    from: new RegExp(`(^${fence}sh \\{"tag":"${tag}"\\}\\n)[\\s\\S]*?(^${fence}$)`, 'm'),
    to: `$1${script}\n$2`,
  };
}

function onRunbook(
  name: string,
  defect: string,
  patches: Twin['patches'],
  red: Record<string, RegExp>,
  mayTurnRed: Record<string, string> = {},
): Twin {
  const family = 'runbooks.database-down';
  const of = { red: ofFamily(family, red), mayTurnRed: ofFamily(family, mayTurnRed) };
  return { name, defect, target: 'contextforge', experiment: 'failures.dependencies', patches, ...of };
}

const stillDown = 'Clients are served by whatever repairs what the runbook did not';

/** A runbook of the bundled gateway with one defect each that shows only when somebody follows it. */
export const runbookTwins: readonly Twin[] = [
  onRunbook(
    'command-that-does-not-work',
    'the command of the remedy names a kind that there is not',
    [block('remedy', 'kubectl scale "statefullset/$RELEASE_GATEWAY-postgres" --namespace "$NAMESPACE" --replicas=1')],
    { works: /^fail: remedy\.database-down failed/, restored: /^fail: \d+ differences/ },
    { recovered: stillDown },
  ),
  onRunbook(
    'remedy-that-repairs-nothing',
    'all commands of the runbook work, and the database stays down',
    [block('remedy', 'kubectl get pods --namespace "$NAMESPACE"'), block('verify', 'true')],
    { restored: /^fail: \d+ differences/ },
    { recovered: stillDown },
  ),
  onRunbook(
    'symptom-that-is-always-there',
    'the runbook detects its failure while nothing is wrong',
    [block('detect', 'kubectl get pods --namespace "$NAMESPACE"')],
    { detected: /^fail: the detect block says yes while nothing is wrong/ },
  ),
];
