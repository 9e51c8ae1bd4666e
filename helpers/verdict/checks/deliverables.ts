import { scriptFact } from '../../deliverables/facts.ts';
import type { ScriptFact, ScriptRun } from '../../deliverables/facts.ts';
import { slotOf } from '../../deliverables/slots.ts';
import { seconds } from '../../format.ts';
import type { History } from '../../history/history.ts';
import { planned, strategyName } from '../../planning/text.ts';
import type { Strategy } from '../../target/model/schema.ts';
import { all, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';

const { modelRollback } = thresholds;

/** Checks on the scripts that people are handed: they were executed. */
function checksOf(strategy: Strategy) {
  const experiment = `deliverables.${strategy.replaceAll('_', '-')}`;
  const forward: readonly ScriptRun[] =
    slotOf(strategy, 'stable') === undefined ? ['first', 'deploy', 'again'] : ['deploy', 'again'];
  return {
    deploys: check({
      id: `${experiment}.deploys`,
      title: `${strategyName(strategy)}: deploy.sh brings the candidate in, in a namespace with nothing in it`,
      expected: 'exit code 0, and every sample predicted by the version that was to be brought in',
      experiment,
      evaluate: (history) =>
        all(
          forward.map((name) => ofScript(history, name, servedBy)),
          'no script was run',
        ),
    }),
    rollsBack: back(
      experiment,
      'rollback',
      `${strategyName(strategy)}: deploy.sh --rollback brings the stable version back`,
    ),
    rollbackScript: back(
      experiment,
      'rollback-script',
      `${strategyName(strategy)}: rollback-script.sh alone brings the stable version back`,
    ),
  };
}

function back(experiment: string, name: ScriptRun, title: string): Check {
  return check({
    id: `${experiment}.${name}`,
    title,
    expected: `exit code 0 in less than ${planned(modelRollback.value)}, and every sample predicted by the stable version`,
    experiment,
    reason: modelRollback.reason,
    evaluate: (history) =>
      ofScript(history, name, (script, evidence) =>
        script.ms < modelRollback.value
          ? servedBy(script, evidence)
          : fail(`${script.command} took ${seconds(script.ms)}`, evidence),
      ),
  });
}

function ofScript(history: History, name: ScriptRun, find: (script: ScriptFact, evidence: string) => Finding): Finding {
  return ofStep(history, `script.${name}`, () => ofFact(history, `script.${name}`, scriptFact, find));
}

function servedBy({ command, exitCode, ms, samples, expected }: ScriptFact, evidence: string): Finding {
  const seen = `${command}: exit code ${String(exitCode ?? 'none')} after ${seconds(ms)}`;
  if (exitCode !== 0) return fail(seen, evidence);
  if (samples.length === 0) return inconclusive(`${seen}, and no sample was asked`);
  const wrong = samples.filter(({ outcome, version }) => outcome !== 'served' || version !== expected);
  if (wrong.length === 0) return pass(`${seen}; ${String(samples.length)} samples served by ${expected}`, evidence);
  const told = wrong.map(
    ({ name, outcome, version, error }) => `${name}: ${error ?? `${outcome} by ${version ?? '?'}`}`,
  );
  return fail(`${seen}; not by ${expected}: ${told.join('; ')}`, evidence);
}

/** By strategy; those of an A/B test end with a decision of people, and are not run. */
export const deliverables = {
  rolling: checksOf('rolling'),
  recreate: checksOf('recreate'),
  blueGreen: checksOf('blue_green'),
  canary: checksOf('canary'),
};

export const everyCheck: readonly Check[] = Object.values(deliverables).flatMap((checks) => Object.values(checks));
