import { changeOrder, inOrder } from '../../helpers/verdict/diff.ts';
import type { Change, CheckDiff, RowDiff, RowState, StandardDiff } from '../../helpers/verdict/diff.ts';
import type { Finding, RunVerdict } from '../../helpers/verdict/types.ts';
import { seenLabel } from './checks.ts';
import { fileLink, markup } from './html.ts';
import type { Html } from './html.ts';
import { badge, changeBadge, scoreMark } from './marks.ts';
import type { Trial } from './model.ts';

/** Checks of one kind of change that are shown; more would bury the rest of the page. */
const SHOWN = 200;

/** So many checks need not be opened to be seen; what got worse always is. */
const SHORT = 10;

/** What changed since the run before. */
export function changesSection(trial: Trial, previous: RunVerdict | undefined): Html {
  return markup`<section>
    <h3 id="${trial.key}-changes">Since the previous run <small>${summaryOf(trial.diff)}</small></h3>
    ${content(trial.diff, previous)}
  </section>
  `;
}

function content(diff: StandardDiff | undefined, previous: RunVerdict | undefined): Html {
  if (previous === undefined) return markup`<p>There is no earlier run to compare with.</p>`;
  if (diff === undefined)
    return markup`<p>The previous run, ${previous.run}, did not try this target by this standard.</p>`;
  const { rows, checks, unchanged } = diff;
  return markup`<p>Compared with <a href="${`../${fileLink(previous.run)}/index.html`}">${previous.run}</a>${!previous.complete && markup`, which ended early`}: ${unchanged} checks have the same verdict as before.</p>
    ${rows.length > 0 && markup`<ul class="findings">${inOrder(rows).map(rowItem)}</ul>`}
    ${changeOrder.map((change) => checksOf(checks.filter((check) => check.change === change)))}`;
}

function summaryOf(diff: StandardDiff | undefined): string {
  if (diff === undefined) return 'nothing to compare with';
  const all = [...diff.rows, ...diff.checks];
  if (all.length === 0) return 'nothing changed';
  const count = (of: readonly { change: Change }[], change: Change) => of.filter((one) => one.change === change).length;
  return `checks: ${String(count(diff.checks, 'better'))} better, ${String(count(diff.checks, 'worse'))} worse`;
}

function rowItem({ label, before, after, change }: RowDiff): Html {
  return markup`<li>${changeBadge(change)} <strong>${label}</strong>: ${resultOf(before)} <span aria-hidden="true">→</span><span class="hidden"> now </span> ${resultOf(after)}</li>`;
}

function resultOf(row: RowState | undefined): Html {
  if (row === undefined) return markup`not part of the standard`;
  return row.score === undefined ? badge(row.status) : scoreMark(row.score);
}

function checksOf(checks: readonly CheckDiff[]): Html {
  const [first] = checks;
  if (first === undefined) return markup``;
  const rest = checks.length - SHOWN;
  return markup`<details${(first.change === 'worse' || checks.length <= SHORT) && markup` open`}><summary>${changeBadge(first.change)} ${checks.length} ${checks.length === 1 ? 'check' : 'checks'}</summary>
    <ul class="findings">${checks.slice(0, SHOWN).map(checkItem)}</ul>
    ${rest > 0 && markup`<p>and ${rest} more: see <code>npx seatrial diff</code></p>`}</details>
  `;
}

function checkItem({ id, title, before, after, change }: CheckDiff): Html {
  const only = after ?? before;
  if (change === 'new' || change === 'gone')
    return markup`<li>${only !== undefined && badge(only.verdict)} ${title} <code>${id}</code></li>`;
  return markup`<li><strong>${title}</strong> <code>${id}</code>${side('Before', before)}${side('Now', after)}</li>`;
}

function side(when: string, finding: Finding | undefined): Html {
  if (finding === undefined) return markup``;
  const { verdict, seen, evidence = [] } = finding;
  return markup`<br>${when}: ${badge(verdict)} ${seenLabel(verdict).toLowerCase()}: ${seen}${evidence.length > 0 && markup` <span class="quiet">(${evidence.slice(0, 2).join(', ')})</span>`}`;
}
