import { nextSteps, untried } from '../../helpers/verdict/next-steps.ts';
import type { Gain, NextStep } from '../../helpers/verdict/next-steps.ts';
import { rerunCommand, rowLabel } from '../../helpers/verdict/row.ts';
import type { ItemVerdict } from '../../helpers/verdict/types.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { experimentAnchor } from './model.ts';
import type { Trial } from './model.ts';
import { findingsList } from './rows.ts';

/** Findings of a step that are shown at once. */
const SHOWN = 4;

/** What to do to be accepted and to gain levels, the weightiest first. */
export function nextSection(trial: Trial): Html {
  const steps = nextSteps(trial.verdict.items);
  const open = untried(trial.verdict.items);
  return markup`<section>
    <h3 id="${trial.key}-next">What to do next <small>${steps.length + Number(open.length > 0)} steps, what gates need first</small></h3>
    ${steps.length + open.length === 0 && markup`<p>Nothing: every row passes, and every score is as high as its rubric goes.</p>`}
    <ol class="steps">${steps.map((step) => stepItem(step, trial))}
    ${
      open.length > 0 &&
      markup`<li><h4>Try what was not tried</h4>
      <ul>${open.map((item) => markup`<li><strong>${rowLabel(item)}</strong> <span class="quiet">${item.note}</span><br><code>${rerunCommand(item)}</code></li>`)}</ul></li>`
    }</ol>
  </section>
  `;
}

function stepItem(step: NextStep, trial: Trial): Html {
  const { experiment, what, gains, groups } = step;
  const link = markup`<a href="#${experimentAnchor(trial, experiment)}">${experiment}</a>`;
  const checks = groups.reduce((sum, group) => sum + group.checks.length, 0);
  return markup`<li data-experiment="${experiment}"><details${step.what === 'repair' && markup` open`}><summary><h4>${what === 'repair' ? `Repair what ${experiment} found` : `Bring what ${experiment} lacked, and try again`}</h4>
    <span class="gain">${checks} ${checks === 1 ? 'check' : 'checks'} for ${gains.map(gainText).join(', ')}</span></summary>
    ${findingsList(groups, SHOWN, trial)}
    <p>Its checks and evidence: ${link}. Then try again: <code>${again(gains)}</code></p></details></li>
  `;
}

function gainText({ item, level }: Gain): string {
  const row = item.kind === 'gate' ? `gate ${rowLabel(item)}` : rowLabel(item);
  return level === undefined ? row : `${row} to level ${String(level)}`;
}

/** Gates first, as they decide. */
function again(gains: readonly Gain[]): string {
  const [first] = gains.toSorted((a, b) => Number(isGate(b.item)) - Number(isGate(a.item)));
  return first === undefined ? '' : rerunCommand(first.item);
}

function isGate({ kind }: ItemVerdict): boolean {
  return kind === 'gate';
}
