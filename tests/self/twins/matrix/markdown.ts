import { percent } from '../../../../helpers/format.ts';
import { liveTwins } from '../live/twins.ts';
import { isKilled } from './report.ts';
import type { Matrix } from './report.ts';

type Row = Matrix['checks'][number];

/** The kill matrix for people. Pure: the same data give the same text. */
export function matrixMarkdown({ date, checks, mutations, undeclared }: Matrix): string {
  const alone = checks.filter((check) => isKilled(check) && check.recorded.companions.length === 0);
  const together = checks.filter((check) => isKilled(check) && check.recorded.companions.length > 0);
  const inStatic = checks.filter((check) => check.static.length > 0);
  const seenLive = checks.filter((check) => check.live.some(({ seen }) => seen !== undefined));
  const declaredLive = checks.filter((check) => check.live.length > 0);
  const count = (rows: readonly unknown[]) => `${rows.length} (${percent(rows.length / checks.length)})`;
  return `# Kill matrix

Made on ${date} by \`npm run twins\`, which runs everything on this page that needs no cluster. A gate that cannot fail is worth nothing: each check
has a broken twin, one deliberate defect that must turn it red. A check without one fails the build. The same as data: [matrix.json](matrix.json).

![One square for each pair of twin and check: on the diagonal a twin turns its own check red, beside it the checks that turn red with it](matrix.svg)

## What has been seen, and where

| level | what it is | checks that it turns red |
|---|---|---|
| recorded history | the history of a flawless experiment with one defect in what was recorded, judged by every check that reads it; exact: nothing else turns red (${alone.length} checks), or others with a declared reason (${together.length}) | ${count([...alone, ...together])} |
| static run | real files with one defect, through the real experiment with the real helm, without a cluster; run by every \`npm run check\` | ${count(inStatic)} |
| live run | a target with one defect, deployed and tried on a real cluster, with the day on which it was last seen | ${count(seenLive)}, of ${declaredLive.length} for which there is a live twin |

A kill in a recorded history shows that the check would say so if the experiment recorded it. That an experiment does record it is shown by a static
or a live run alone.

## Checks

A number in parentheses counts the checks that turn red with it; the reasons stand below. Live twins that were not yet seen are in italics.

${[...Map.groupBy(checks, ({ experiment }) => experiment)].map(([experiment, rows]) => table(experiment, rows)).join('\n\n')}

## Checks that turn red together

${reasons(checks)}

## Live twins

| twin | target | experiment | defect | last seen |
|---|---|---|---|---|
${liveTwins.map(({ name, target, experiment, defect }) => `| ${name} | ${target} | ${experiment} | ${cell(defect)} | ${seenOf(name, checks)} |`).join('\n')}

## Random mutations of charts

The bundled charts are rendered by the real helm with values for production; what comes out gets one random mutation of a declared kind, and is judged by
what manifests alone can tell: the checks on the [architecture](../../fixtures/targets/contextforge/architecture.yaml) and \`chart.changes-reach-pods\`.
What only running tells is taken to be as it should be. The seed is fixed. The kinds were declared with these checks in view, so their rate says that the
checks do what they are meant to; what they leave out is told by the rate of no declared kind, below.

| kind | mutation | killed | by |
|---|---|---|---|
${mutations.map(({ kind, what, killed, mutants, by }) => `| ${kind} | ${cell(what)} | ${killed} of ${mutants} (${percent(killed / mutants)}) | ${by.join(', ')} |`).join('\n')}

Of all declared kinds together: ${rateOf(mutations)}. Of ${undeclared.mutants} mutants of no declared kind, each with one field of one object taken away, whichever it is:
${percent(undeclared.killed / undeclared.mutants)}. Most of those change nothing that these checks are about, and some change nothing at all.
`;
}

function rateOf(mutations: Matrix['mutations']): string {
  const sum = (of: 'killed' | 'mutants') => mutations.reduce((total, one) => total + one[of], 0);
  return `${sum('killed')} of ${sum('mutants')} (${percent(sum('killed') / sum('mutants'))})`;
}

function table(experiment: string, rows: readonly Row[]): string {
  const lines = rows.map(({ id, recorded: { verdict = '**not killed**', companions }, static: byStatic, live }) => {
    const recorded = companions.length === 0 ? verdict : `${verdict} (${companions.length})`;
    const onCluster = live.map(({ twin, seen }) => (seen === undefined ? `_${twin}_` : `${twin} ${seen}`));
    return `| ${id} | ${recorded} | ${byStatic.length === 0 ? '' : cell(byStatic.join('; '))} | ${onCluster.join('; ')} |`;
  });
  return [`### ${experiment}`, '', '| check | recorded | static | live |', '|---|---|---|---|', ...lines].join('\n');
}

/** Each reason once, with how many pairs it stands for. */
function reasons(checks: readonly Row[]): string {
  const pairs = checks.flatMap(({ id, recorded }) => recorded.companions.map((other) => ({ of: id, ...other })));
  const lines = [...Map.groupBy(pairs, ({ reason = '**no reason is declared**' }) => reason)].map(([reason, some]) => {
    const [first] = some;
    return `| ${cell(reason)} | ${some.length} | ${first?.of ?? ''} with ${first?.check ?? ''} |`;
  });
  return ['| why | pairs | e.g. the twin of |', '|---|---|---|', ...lines].join('\n');
}

function seenOf(name: string, checks: readonly Row[]): string {
  const sightings = checks.flatMap(({ live }) => live.filter(({ twin }) => twin === name));
  return sightings.find(({ seen }) => seen !== undefined)?.seen ?? 'not yet';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
