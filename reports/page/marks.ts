import type { Decision } from '../../helpers/verdict/decision.ts';
import type { Change } from '../../helpers/verdict/diff.ts';
import type { ItemVerdict, Score } from '../../helpers/verdict/types.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

interface Mark {
  sign: string;
  word: string;
  className: string;
}

/** Each verdict has a sign and a word of its own, so that none needs its colour to be told from another. */
const verdicts: Readonly<Record<ItemVerdict['status'], Mark>> = {
  pass: { sign: '✓', word: 'Pass', className: 'pass' },
  fail: { sign: '✗', word: 'Fail', className: 'fail' },
  inconclusive: { sign: '?', word: 'Inconclusive', className: 'open' },
  'not-applicable': { sign: '–', word: 'Not applicable', className: 'none' },
  'not-run': { sign: '○', word: 'Not run', className: 'none' },
};

/** The verdict as sign and word. */
export function badge(status: ItemVerdict['status']): Html {
  return badgeOf(verdicts[status]);
}

function badgeOf({ sign, word, className }: Mark): Html {
  return markup`<span class="badge ${className}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export function verdictClass(status: ItemVerdict['status']): string {
  return verdicts[status].className;
}

export const decisions: Readonly<Record<Decision, Mark>> = {
  accept: { sign: '✓', word: 'Accept', className: 'pass' },
  refuse: { sign: '✗', word: 'Do not accept', className: 'fail' },
  unproven: { sign: '?', word: 'Do not accept yet', className: 'open' },
};

const changes: Readonly<Record<Change, Mark>> = {
  better: { sign: '▲', word: 'Better', className: 'pass' },
  worse: { sign: '▼', word: 'Worse', className: 'fail' },
  other: { sign: '◆', word: 'Changed', className: 'open' },
  new: { sign: '+', word: 'New', className: 'none' },
  gone: { sign: '−', word: 'Not tried any more', className: 'none' },
};

export function changeBadge(change: Change): Html {
  return badgeOf(changes[change]);
}

/** The scale ends here. */
const HIGHEST = 5;

/** A score as number and as bar. */
export function scoreMark(score: Score | undefined): Html {
  if (score === undefined) return markup`<span class="score none">No score</span>`;
  const cells = Array.from({ length: HIGHEST }, (_, index) => markup`<i${index < score && markup` class="on"`}></i>`);
  return markup`<span class="score s${score}"><span class="bar" aria-hidden="true">${cells}</span> ${score} of ${HIGHEST}</span>`;
}
