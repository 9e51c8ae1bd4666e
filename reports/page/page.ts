import { createHash } from 'node:crypto';
import { decideTogether } from '../../helpers/verdict/decision.ts';
import { tally, tallyText } from '../../helpers/verdict/groups.ts';
import { changesSection } from './changes.ts';
import { checksSection } from './checks.ts';
import { aboutSection, linksSection, shareBar, sureSection, whereAndWhen } from './facts.ts';
import { Html, markup } from './html.ts';
import { decisions } from './marks.ts';
import { trialsOf } from './model.ts';
import type { PageInput, Trial } from './model.ts';
import { nextSection } from './next.ts';
import { rowsSection } from './rows.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/**
 * The decision page: one file that needs no network, no server and no script, with the decision on top and every fact below it. Pure: the
 * same run gives the same bytes.
 */
export function renderPage(input: PageInput): string {
  const trials = trialsOf(input);
  const together = decisions[decideTogether(trials.map(({ decision }) => decision))];
  const names = [...new Set(trials.map(({ verdict }) => verdict.target))];
  const of = names.length === 0 ? 'nothing was tried' : names.join(', ');
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${sha256(script)}'">
<title>${together.word}: ${of} · Seatrial ${input.verdict.run}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the decision</a>
<header>
${!input.verdict.complete && markup`<p class="early" role="note"><strong>This run ended early.</strong> What had not been tried by then is missing below, and nothing is taken for passed because of it.</p>`}
<p class="brand">Seatrial · decision page <button type="button" id="toggle" hidden>Open all</button></p>
</header>
<main id="main">
${trials.length === 0 && markup`<div class="verdict open"><h1><span aria-hidden="true">?</span> Do not accept yet</h1><p>Nothing was tried in this run.</p></div>`}
${trials.length > 1 && overview(trials, together)}
${trials.map((trial) => trialSection(trial, input, trials.length === 1))}
${aboutSection(input)}
${linksSection(input)}
</main>
<footer><p class="quiet">Every statement on this page follows from the recorded histories; <code>npx seatrial report ${input.verdict.run} --check</code> proves it byte for byte.</p></footer>
<script>${new Html(script)}</script>
</body>
</html>
`;
  return text;
}

/** Where there are several targets or standards: what holds for all of them, and where each is. */
function overview(trials: readonly Trial[], together: (typeof decisions)[keyof typeof decisions]): Html {
  return markup`<div class="verdict ${together.className}"><h1><span aria-hidden="true">${together.sign}</span> ${together.word}</h1>
<p>${trials.length} trials; the worst of them decides.</p>
<ul>${trials.map(({ decision, key, verdict: { title, target } }) => {
    const { sign, word } = decisions[decision];
    return markup`<li><a href="#${key}"><span aria-hidden="true">${sign}</span> ${word}: ${target} · ${title}</a></li>`;
  })}</ul></div>
`;
}

function trialSection(trial: Trial, input: PageInput, alone: boolean): Html {
  const { decision, why, caveats, key, verdict } = trial;
  const { sign, word, className } = decisions[decision];
  const heading = markup`<span aria-hidden="true">${sign}</span> ${word}: ${verdict.target}`;
  const gates = verdict.items.filter(({ kind }) => kind === 'gate');
  const checks = [...trial.experiments.values()].flat().map(({ check }) => check);
  return markup`<section class="trial" id="${key}" aria-labelledby="${key}-title ${key}-standard">
<div class="verdict ${className}">
<p class="standard" id="${key}-standard">${verdict.title}</p>
${alone ? markup`<h1 id="${key}-title">${heading}</h1>` : markup`<h2 id="${key}-title">${heading}</h2>`}
<p class="because">${why.join(' ')}</p>
<p>Tried ${whereAndWhen(input)}: ${trial.experiments.size} experiments, ${checks.length} checks: ${tallyText(tally(checks))}.</p>
${shareBar(tally(checks))}
${caveats.length > 0 && markup`<p>Beside the ${gates.length > 0 ? 'gates' : 'rows'}: ${caveats.join(' ')}</p>`}
<nav aria-label="${alone ? 'On this page' : `Of ${verdict.target}, ${verdict.title}`}">${contents(trial)}</nav>
</div>
${alone && markup`<h2 class="hidden">${verdict.title}</h2>`}
${rowsSection(trial, 'gate')}
${rowsSection(trial, 'criterion')}
${nextSection(trial)}
${sureSection(trial, input)}
${rowsSection(trial, 'benchmark')}
${changesSection(trial, input.previous)}
${checksSection(trial, input)}
</section>
`;
}

function contents({ key, verdict: { items } }: Trial): Html[] {
  const kinds = new Set(items.map(({ kind }) => kind));
  return (
    [
      ['gate', 'Gates', kinds.has('gate')],
      ['criterion', 'Scores', kinds.has('criterion')],
      ['next', 'What to do next', true],
      ['sure', 'How sure', true],
      ['benchmark', 'Benchmarks', kinds.has('benchmark')],
      ['changes', 'Since the previous run', true],
      ['checks', 'Every check', true],
    ] as const
  )
    .filter(([, , there]) => there)
    .map(([name, title]) => markup`<a href="#${key}-${name}">${title}</a> `);
}

/** By which the browser knows the one script that may run. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
