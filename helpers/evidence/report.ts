import { scriptFact, scriptRuns } from '../deliverables/facts.ts';
import { seconds } from '../format.ts';
import type { History } from '../history/history.ts';
import { strategyName } from '../planning/text.ts';
import { outcomeFact, rolloutFact } from '../rollout/facts.ts';
import { packageFact, packageNames, PACKAGES } from '../serving/package-fact.ts';
import { cell, inline, row } from '../verdict/markdown.ts';
import type { RunVerdict, StandardVerdict } from '../verdict/types.ts';
import { factOf } from './sources.ts';
import type { Histories } from './sources.ts';
import type { Validation } from './validation.ts';

/** `reports/deployment_report.md`: what was deployed in the run, how it went, and what was seen. Pure. */
export function deploymentReport(
  verdict: StandardVerdict,
  { run, complete }: Pick<RunVerdict, 'run' | 'complete'>,
  histories: Histories,
  absent: Validation['absent'],
): string {
  const passed = verdict.items.filter(({ status }) => status === 'pass').length;
  return [
    `# Deployment report: ${inline(verdict.target)}`,
    '',
    `Run ${inline(run)}${complete ? '' : ', **which ended early**'}. ${String(passed)} of ${String(verdict.items.length)} rows of the protocol passed; each with its evidence in validation_results.json.`,
    '',
    ...section('Packages', ['version', 'ready', 'calls itself', 'digest', 'samples', 'accuracy'], packages(histories)),
    ...section(
      'Rollouts',
      ['experiment', 'strategy', 'from', 'to', 'phases', 'took', 'ended', 'why', 'trial factor'],
      [...histories.values()].flatMap(rollouts),
    ),
    ...section('Scripts', ['experiment', 'command', 'exit code', 'took', 'served afterwards'], scripts(histories)),
    ...section('Rows', ['row', 'status', 'seen'], rows(verdict)),
    ...section(
      'Not in this package',
      ['file', 'why'],
      absent.map(({ path, why }) => [path, why]),
    ),
  ].join('\n');
}

/** A heading and a table; what the run did not do is said, not left out. */
function section(title: string, head: string[], body: string[][]): string[] {
  if (body.length === 0) return [`## ${title}`, '', 'None in this run.', ''];
  const table = [row(...head), row(...head.map(() => '---')), ...body.map((cells) => row(...cells.map(cell)))];
  return [`## ${title}`, '', ...table, ''];
}

function packages(histories: Histories): string[][] {
  const history = histories.get('model.package');
  return (factOf(history, PACKAGES, packageNames) ?? []).flatMap((name) => {
    const found = factOf(history, `package.${name}`, packageFact);
    if (found === undefined) return [[name, 'not examined', '', '', '', '']];
    const { ready, reason = '', version = '', digest = '', samples, accuracy } = found;
    const right = samples.filter(({ ok }) => ok).length;
    return [
      [
        `${name} (${found.declared.modelVersion})`,
        ready ? 'yes' : `no: ${reason}`,
        version,
        digest,
        ready ? `${String(right)} of ${String(samples.length)} right` : '',
        accuracy === undefined ? '' : `${String(accuracy.right)} of ${String(accuracy.rows)}`,
      ],
    ];
  });
}

function rollouts(history: History): string[][] {
  const names = history.records.flatMap((record) =>
    record.type === 'fact' && record.key.startsWith('rollout.') ? [record.key.slice('rollout.'.length)] : [],
  );
  return names.flatMap((name) => {
    const fact = factOf(history, `rollout.${name}`, rolloutFact);
    if (fact === undefined) return [];
    const outcome = factOf(history, `outcome.${name}`, outcomeFact);
    const steps = history.steps.filter(({ id }) => id.startsWith(`phase.${name}.`) || id === `rollback.${name}`);
    const took = Math.max(0, ...steps.map(({ end }) => end)) - Math.min(...steps.map(({ start }) => start));
    const phases = steps.filter(({ id }) => id.startsWith('phase.')).length;
    return [
      [
        history.begin?.experiment ?? '',
        strategyName(fact.plan.strategy),
        fact.from,
        fact.to,
        `${String(phases)} of ${String(fact.plan.phases.length)}`,
        steps.length === 0 ? '' : seconds(took),
        outcome?.result ?? 'cut off',
        outcome?.turnedBack === undefined ? '' : `${outcome.turnedBack.by}: ${outcome.turnedBack.reason}`,
        String(fact.plan.trialFactor),
      ],
    ];
  });
}

function scripts(histories: Histories): string[][] {
  return [...histories].flatMap(([experiment, history]) =>
    scriptRuns.flatMap((name) => {
      const script = factOf(history, `script.${name}`, scriptFact);
      if (script === undefined) return [];
      const { command, exitCode, ms, samples } = script;
      const served = [...new Set(samples.map(({ version, outcome }) => version ?? outcome))].join(', ');
      return [[experiment, command, String(exitCode ?? 'none'), seconds(ms), served]];
    }),
  );
}

function rows({ items }: StandardVerdict): string[][] {
  return items.map(({ text, status, note }) => [text, status, note]);
}
