import { seconds } from '../../helpers/format.ts';
import { tally } from '../../helpers/verdict/groups.ts';
import { rowLabel } from '../../helpers/verdict/row.ts';
import type { RunAbout } from '../../helpers/verdict/run-folder.ts';
import type { CheckResult, ItemVerdict } from '../../helpers/verdict/types.ts';
import { fileLink, markup } from './html.ts';
import type { Html } from './html.ts';
import { badge } from './marks.ts';
import type { PageInput, Trial } from './model.ts';

/** The parts of the bar, as they stand from left to right. */
const parts = [
  ['pass', 'passed'],
  ['fail', 'failed'],
  ['inconclusive', 'inconclusive: could not be judged, which counts as not shown'],
  ['not-applicable', 'not applicable, by the written reason of the target’s file'],
] as const satisfies (readonly [CheckResult['verdict'], string])[];

/** The shares of the verdicts as a bar; whoever shows it tells them in words, too. */
export function shareBar(counts: ReturnType<typeof tally>): Html {
  return markup`<div class="share" aria-hidden="true">${parts.map(([verdict]) => counts[verdict] > 0 && markup`<i class="${verdict}" style="flex-grow:${counts[verdict]}"></i>`)}</div>`;
}

/** How much was seen, and what was not. */
export function sureSection(trial: Trial, { verdict: { complete } }: PageInput): Html {
  const checks = [...trial.experiments.values()].flat().map(({ check }) => check);
  const counts = tally(checks);
  const { items, remarks = [] } = trial.verdict;
  const open = items.filter(({ status }) => status === 'not-run');
  const waived = checks.filter(({ verdict }) => verdict === 'not-applicable');
  return markup`<section>
    <h3 id="${trial.key}-sure">How sure this is <small>${counts.pass} of ${checks.length} checks passed, ${items.length - open.length} of ${items.length} rows tried</small></h3>
    <ul class="legend">${parts.map(([verdict, meaning]) => counts[verdict] > 0 && markup`<li>${badge(verdict)} ${counts[verdict]} ${meaning}</li>`)}
    ${open.length > 0 && markup`<li>${badge('not-run')} ${open.length} ${open.length === 1 ? 'row' : 'rows'} not tried: ${open.map(label).join(', ')}</li>`}
    ${!complete && markup`<li>${badge('inconclusive')} The run ended early.</li>`}</ul>
    ${waived.length > 0 && markup`<details><summary>What does not apply, and why</summary><ul>${waived.map(({ title, seen }) => markup`<li><strong>${title}</strong>: ${seen}</li>`)}</ul></details>`}
    ${remarks.length > 0 && markup`<p>What no row is about and yet has to be known:</p><ul>${remarks.map((remark) => markup`<li>${remark}</li>`)}</ul>`}
  </section>
  `;
}

function label(item: ItemVerdict): string {
  return item.kind === 'gate' ? `gate ${rowLabel(item)}` : rowLabel(item);
}

/** Which run this is: when, where, how. */
export function aboutSection({ verdict, about }: PageInput): Html {
  const { startedAt, endedAt, command, seatrialVersion, target, targetKind, merged } = about ?? {};
  const took = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  const facts: [string, string | undefined][] = [
    ['Run', verdict.run],
    ['Ended', verdict.complete ? 'by itself' : 'early'],
    ['Started', startedAt === undefined ? undefined : moment(startedAt)],
    ['Took', Number.isFinite(took) ? seconds(took) : undefined],
    ['Target', target === undefined ? undefined : `${target}${targetKind === undefined ? '' : ` (${targetKind})`}`],
    ['Cluster', clusterOf(about)],
    ['Shards', merged === undefined ? undefined : `${String(merged.shards.length)} of ${String(merged.total)}`],
    ['Command', command],
    ['Seatrial', seatrialVersion],
  ];
  const idle = verdict.standards.filter(({ items }) => items.every(({ status }) => status === 'not-run'));
  return markup`<section aria-labelledby="about"><h2 id="about">About this run</h2>
    <dl class="facts">${facts.map(([name, value]) => value !== undefined && markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${idle.length > 0 && markup`<p>Not tried at all: ${idle.map(({ title, target: of }) => `${title} on ${of}`).join(', ')}.</p>`}
  </section>
  `;
}

/** e.g. `on 2026-11-21 14:39:08 UTC, on a real cluster (kind, Kubernetes v1.36.3)`, as far as it is known. */
export function whereAndWhen({ verdict, about }: PageInput): string {
  const { startedAt, provider } = about ?? {};
  return [
    startedAt === undefined ? `in run ${verdict.run}` : `on ${moment(startedAt)}`,
    ...(provider === undefined ? [] : [`on a real cluster (${clusterOf(about)})`]),
  ].join(', ');
}

function clusterOf({ provider, kubernetesVersion }: Partial<RunAbout> = {}): string {
  return provider === undefined
    ? 'none was asked for'
    : `${provider}, Kubernetes ${kubernetesVersion ?? 'of an unknown version'}`;
}

/** Where the other views are. */
export function linksSection({ views }: PageInput): Html {
  return markup`<section aria-labelledby="views"><h2 id="views">Other views and files of this run</h2>
    <ul>${views.map(([file, meaning]) => markup`<li><a href="${fileLink(file)}">${file}</a>${meaning !== '' && markup`: ${meaning}`}</li>`)}</ul>
  </section>
  `;
}

/** In UTC, whatever the machine's time zone; a text that is no moment stays as it is. */
function moment(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
