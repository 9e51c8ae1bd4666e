import { groupFindings, isUnmet, tally, tallyText } from '../../helpers/verdict/groups.ts';
import type { FindingGroup } from '../../helpers/verdict/groups.ts';
import { rerunCommand, rowLabel } from '../../helpers/verdict/row.ts';
import type { ItemKind, ItemVerdict, LevelVerdict } from '../../helpers/verdict/types.ts';
import { seenLabel } from './checks.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { badge, scoreMark, verdictClass } from './marks.ts';
import { experimentAnchor } from './model.ts';
import type { Trial } from './model.ts';

/** Findings that a row shows by itself; the steps and the list of checks have them all. */
const SHOWN = 3;

const headings: Readonly<Record<ItemKind, string>> = {
  gate: 'Gates',
  benchmark: 'Benchmark tests',
  criterion: 'Scores',
};

const meanings: Readonly<Record<ItemKind, string>> = {
  gate: 'They decide: one that does not pass is enough not to accept.',
  benchmark: 'They are tried and told; the gates decide.',
  criterion: 'From 1 to 5: the highest level of the rubric at which all of its checks pass, and all of those below it.',
};

/** The rows of one kind. */
export function rowsSection(trial: Trial, kind: ItemKind): Html {
  const items = trial.verdict.items.filter((item) => item.kind === kind);
  if (items.length === 0) return markup``;
  const scores = items.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const average = scores.length === 0 ? 0 : scores.reduce<number>((sum, score) => sum + score, 0) / scores.length;
  const summary =
    kind === 'criterion'
      ? `${scores.length === 0 ? 'none' : `average ${average.toFixed(2)},`} ${String(scores.length)} of ${String(items.length)} scored`
      : `${String(items.filter(({ status }) => status === 'pass').length)} of ${String(items.length)} passed`;
  return markup`<section>
    <h3 id="${trial.key}-${kind}">${headings[kind]} <small>${summary}</small></h3>
    <p class="quiet">${meanings[kind]}</p>
    <ul class="rows">${items.map((item) => (kind === 'criterion' ? criterionRow(item, trial) : resultRow(item, trial)))}</ul>
  </section>
  `;
}

function resultRow(item: ItemVerdict, trial: Trial): Html {
  const unmet = item.checks.filter(isUnmet);
  // The first check of a row is the one that its text asks for.
  const seen = item.checks.find(({ verdict }) => verdict === 'pass')?.seen;
  return markup`<li class="row ${verdictClass(item.status)}" data-row="${item.id}">
    <div class="head">${badge(item.status)} <h4>${rowLabel(item)}</h4></div>
    ${textOf(item)}
    ${item.status === 'pass' && seen !== undefined && markup`<p>${seen}</p>`}
    ${(item.status === 'not-run' || item.status === 'not-applicable') && markup`<p>${item.note}</p>`}
    ${unmet.length > 0 && findingsList(groupFindings(unmet), SHOWN, trial)}
    ${experimentsOf(item, trial)}
  </li>
  `;
}

function criterionRow(item: ItemVerdict, trial: Trial): Html {
  const { score, uncapped, missing, checks, levels = [] } = item;
  const reached = levels.find(({ level, met }) => level === (uncapped ?? score) && met);
  const blocking = checks.filter((check) => missing?.checks.includes(check.id) === true && isUnmet(check));
  const next = levels.find(({ level }) => level === missing?.level);
  return markup`<li class="row ${score === undefined ? verdictClass(item.status) : `score-${String(score)}`}" data-row="${item.id}">
    <div class="head">${score === undefined ? badge(item.status) : scoreMark(score)} <h4>${rowLabel(item)}</h4></div>
    ${textOf(item)}
    ${score === undefined && markup`<p>${item.note}</p>`}
    ${score !== undefined && uncapped === undefined && markup`<p>${reached?.title ?? 'Not even the lowest level is met'}.</p>`}
    ${uncapped !== undefined && markup`<p class="warn">It would be ${uncapped}${reached !== undefined && markup` (${reached.title})`}, but is held at ${score ?? ''} while a check is inconclusive: what could not be looked at may be broken.</p>`}
    ${missing !== undefined && markup`<p class="why"><strong>Why not ${missing.level}</strong>${next !== undefined && next !== reached && markup` (${next.title})`}: of the checks that it needs, ${tallyText(tally(blocking))}.</p>${findingsList(groupFindings(blocking), SHOWN, trial)}`}
    ${score !== undefined && missing === undefined && markup`<p>Nothing is missing: the rubric has no higher level.</p>`}
    ${levels.length > 0 && rubric(item, levels)}
    ${experimentsOf(item, trial)}
  </li>
  `;
}

/** What the standard says, unless the row's name says it already. */
function textOf({ name, text }: ItemVerdict): Html {
  const plain = text.replaceAll('**', '');
  return name?.endsWith(plain) === true ? markup`` : markup`<p class="text">${plain}</p>`;
}

function rubric({ checks, score, uncapped }: ItemVerdict, levels: readonly LevelVerdict[]): Html {
  const found = new Map(checks.map((check) => [check.id, check]));
  return markup`<details><summary>The rubric, and how far it is met</summary><ol class="rubric">${levels.map(
    (level) => {
      const results = level.checks.flatMap((id) => found.get(id) ?? []);
      const here = level.level === (uncapped ?? score);
      return markup`<li value="${level.level}"${here && markup` class="here"`}><strong>${level.title}</strong> ${here && markup`<em>reached</em> `}<span class="${level.met ? 'met' : 'unmet'}">${level.met ? '✓ met' : '✗ not met'}: ${tallyText(tally(results))}</span><br><span class="quiet">${level.reason}</span></li>`;
    },
  )}</ol></details>`;
}

/** What was found, each once. `limit`: how many are shown; the rest is where the checks of its experiments are. */
export function findingsList(groups: readonly FindingGroup[], limit: number, trial: Trial): Html {
  const rest = groups.slice(limit).flatMap(({ checks }) => checks);
  const experiments = [...new Set(rest.map(({ experiment }) => experiment))];
  return markup`<ul class="findings">${groups.slice(0, limit).map((group) => findingItem(group, trial))}</ul>
  ${rest.length > 0 && markup`<p>and ${rest.length} more, ${tallyText(tally(rest))}: ${experiments.map((experiment) => markup` <a href="#${experimentAnchor(trial, experiment)}">${experiment}</a>`)}</p>`}`;
}

function findingItem({ experiment, verdict, seen, checks }: FindingGroup, trial: Trial): Html {
  const [first] = checks;
  const others = checks.slice(1);
  return markup`<li>${badge(verdict)} <strong>${first?.title ?? ''}</strong> <a class="in" href="#${experimentAnchor(trial, experiment)}">${experiment}</a>
    ${others.length === 0 && markup`<br><span class="quiet">Expected: ${first?.expected ?? ''}</span>`}
    <br>${seenLabel(verdict)}: ${seen}
    ${others.length > 0 && markup`<details><summary>The same holds for ${others.length} more ${others.length === 1 ? 'check' : 'checks'}</summary><ul>${others.map(({ title }) => markup`<li>${title}</li>`)}</ul></details>`}</li>
  `;
}

/** Where the evidence of a row is, and how to try it again. */
function experimentsOf(item: ItemVerdict, trial: Trial): Html {
  const experiments = Map.groupBy(item.checks, ({ experiment }) => experiment);
  return markup`<details><summary>${item.checks.length === 0 ? 'Try it' : `Evidence of all ${String(item.checks.length)} checks`}</summary>
    ${experiments.size > 0 && markup`<ul>${[...experiments].map(([experiment, checks]) => markup`<li><a href="#${experimentAnchor(trial, experiment)}">${experiment}</a>: ${tallyText(tally(checks))}</li>`)}</ul>`}
    <p>Try it${item.checks.length > 0 && markup` again`}: <code>${rerunCommand(item)}</code></p></details>`;
}
