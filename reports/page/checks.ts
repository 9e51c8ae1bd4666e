import { isUnmet, tally, tallyText } from '../../helpers/verdict/groups.ts';
import { rowLabel } from '../../helpers/verdict/row.ts';
import type { CheckResult, ItemVerdict } from '../../helpers/verdict/types.ts';
import { excerptsOf } from './excerpts.ts';
import { fileLink, markup } from './html.ts';
import type { Html } from './html.ts';
import { badge, verdictClass } from './marks.ts';
import { experimentAnchor } from './model.ts';
import type { Listed, PageInput, Trial } from './model.ts';
import { pictureKey } from './pictures.ts';
import type { Picture } from './pictures.ts';

/** References of evidence that are named; the rest stands in verdict.json. */
const EVIDENCE_SHOWN = 4;

/** Every check of a trial with what was expected and what was seen, by experiment, those with something unmet first and open. */
export function checksSection(trial: Trial, input: PageInput): Html {
  const experiments = [...trial.experiments].toSorted(([, a], [, b]) => Number(anyUnmet(b)) - Number(anyUnmet(a)));
  const counts = tally([...trial.experiments.values()].flat().map(({ check }) => check));
  const all = [...trial.experiments.values()].flat().length;
  return markup`<section>
    <h3 id="${trial.key}-checks">Every check <small>${all} in ${experiments.length} experiments: ${tallyText(counts)}</small></h3>
    <p class="quiet">An experiment is one procedure on the live cluster. Its history is the raw record from which its checks are drawn; numbers after # are lines of it.</p>
    ${experiments.map(([experiment, checks]) => experimentBlock(trial, experiment, checks, input))}
  </section>
  `;
}

function experimentBlock(trial: Trial, experiment: string, checks: readonly Listed[], input: PageInput): Html {
  const { target } = trial.verdict;
  const history = input.histories.get(target)?.get(experiment);
  const pictures = input.pictures.get(pictureKey(target, experiment)) ?? [];
  const folder = `experiments/${target}/${experiment}`;
  return markup`<details class="experiment" id="${experimentAnchor(trial, experiment)}"${anyUnmet(checks) && markup` open`}>
    <summary><h4>${experiment}</h4> <span class="tally">${tallyText(tally(checks.map(({ check }) => check)))}</span></summary>
    <p class="files">${history === undefined ? markup`It has no history in this run.` : markup`<a href="${fileLink(`${folder}/history.jsonl`)}">History</a>`}
    ${pictures.some(({ file }) => file.endsWith('.traffic.svg')) && markup` <a href="${fileLink(`${folder}/traffic.jsonl`)}">Every call</a>`}
    ${pictures.map(({ file, png, title }) => markup` <a href="${fileLink(file)}">Picture: ${title}</a>${png !== undefined && markup` <a href="${fileLink(png)}">as PNG</a>`}`)}</p>
    ${pictures.map(pictureBlock)}
    <ul class="checks">${checks.map((listed) => checkItem(listed, trial, input))}</ul>
  </details>
  `;
}

function pictureBlock({ title, svg, text, inline }: Picture): Html {
  if (!inline) return markup``;
  const data = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const [summary = title] = text.split('\n');
  return markup`<details class="picture"><summary>${title}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="${title}: ${summary}"><img src="${data}" alt="${title}: ${summary} The same in words stands below." loading="lazy"></div>
    <details><summary>The same in words</summary><pre>${text}</pre></details>
  </details>
  `;
}

function checkItem({ check, anchor, rows }: Listed, trial: Trial, input: PageInput): Html {
  const { verdict, title, expected, seen, id, reason } = check;
  return markup`<li class="check ${verdictClass(verdict)}" id="${anchor}" data-verdict="${verdict}">
    ${badge(verdict)} <strong>${title}</strong>
    <dl><dt>Expected</dt><dd>${expected}</dd><dt>${seenLabel(verdict)}</dt><dd>${seen}</dd>
    ${reason !== undefined && markup`<dt>Why this limit</dt><dd>${reason}</dd>`}
    <dt>Counts for</dt><dd>${rows.map(rowWithLevel(check)).join(', ')}</dd>
    ${evidence(check, trial, input)}</dl>
    <code>${id}</code></li>
  `;
}

/** What `seen` tells: see `Finding`. */
export function seenLabel(verdict: CheckResult['verdict']): string {
  if (verdict === 'inconclusive') return 'Missing';
  return verdict === 'not-applicable' ? 'Reason' : 'Seen';
}

function rowWithLevel({ id }: CheckResult): (item: ItemVerdict) => string {
  return (item) => {
    const level = item.levels?.find(({ checks }) => checks.includes(id))?.level;
    return level === undefined ? rowLabel(item) : `${rowLabel(item)} (level ${String(level)})`;
  };
}

function evidence(check: CheckResult, trial: Trial, input: PageInput): Html {
  const references = check.evidence ?? [];
  if (references.length === 0) return markup``;
  const shown = references.slice(0, EVIDENCE_SHOWN).join(', ');
  const more = references.length > EVIDENCE_SHOWN ? ` and ${String(references.length - EVIDENCE_SHOWN)} more` : '';
  const excerpts = isUnmet(check) ? excerptsOf(references, input.histories.get(trial.verdict.target)) : [];
  return markup`<dt>Evidence</dt><dd>${shown}${more}${excerpts.map(
    ({ reference, text }) => markup`<details><summary>Line ${reference}</summary><pre>${text}</pre></details>`,
  )}</dd>`;
}

function anyUnmet(checks: readonly Listed[]): boolean {
  return checks.some(({ check }) => isUnmet(check));
}
