import { rowLabel } from './row.ts';
import type { ItemVerdict, StandardVerdict } from './types.ts';

/** `accept`; `refuse`: a row that decides was seen to fail; `unproven`: none was, but not all were seen to pass. */
export type Decision = 'accept' | 'refuse' | 'unproven';

export interface Decided {
  decision: Decision;
  /** Sentences, the weightiest first. */
  why: string[];
  /** What speaks against a target without deciding, a sentence each. */
  caveats: string[];
}

/** Below this a score is worth a word even where every gate passed: the anchor for 3 says that something works with gaps. */
const LOW_SCORE = 3;

/**
 * Whether a target is to be accepted by a standard: all of its gates pass, or all of its rows where it has no gates, in a run that was not
 * cut off. Absence is never success. Pure.
 */
export function decide({ items }: Pick<StandardVerdict, 'items'>, { complete }: { complete: boolean }): Decided {
  const gates = items.filter(({ kind }) => kind === 'gate');
  const deciding = gates.length > 0 ? gates : items;
  const noun = gates.length > 0 ? 'gate' : 'row';
  const of = (...wanted: ItemVerdict['status'][]) => deciding.filter(({ status }) => wanted.includes(status));
  const [failed, unproven] = [of('fail'), of('inconclusive', 'not-run')];
  const decision =
    failed.length > 0 ? 'refuse' : unproven.length > 0 || !complete || of('pass').length === 0 ? 'unproven' : 'accept';
  const all = count(deciding.length, noun);
  return {
    decision,
    why: [
      ...(failed.length === 0 ? [] : [`${share(failed, deciding)} ${all} failed: ${labels(failed)}.`]),
      ...(unproven.length === 0
        ? []
        : [`${share(unproven, deciding)} ${all} could not be shown to hold: ${unproven.map(withStatus).join(', ')}.`]),
      ...(complete ? [] : ['The run ended early: what was cut off was not tried.']),
      ...(decision === 'accept' ? [`All of the ${all} passed.`] : []),
      ...(deciding.length === 0 ? ['The standard has no rows.'] : []),
      ...(failed.length + unproven.length === 0 && of('pass').length === 0 && deciding.length > 0
        ? [`None of the ${all} applies, so nothing was shown.`]
        : []),
    ],
    caveats: caveatsOf(items.filter((item) => !deciding.includes(item))),
  };
}

/** Of several decisions the one that holds for all: whatever is refused, or not shown, decides. */
export function decideTogether(decisions: readonly Decision[]): Decision {
  if (decisions.includes('refuse')) return 'refuse';
  return decisions.length === 0 || decisions.includes('unproven') ? 'unproven' : 'accept';
}

function caveatsOf(others: readonly ItemVerdict[]): string[] {
  const low = others.filter(({ score }) => score !== undefined && score < LOW_SCORE);
  const [benchmarks, criteria] = [others.filter(isBenchmark), others.filter(({ kind }) => kind === 'criterion')];
  const failed = benchmarks.filter(({ status }) => status === 'fail');
  const open = benchmarks.filter(({ status }) => status === 'inconclusive' || status === 'not-run');
  const unscored = criteria.filter(({ score, status }) => score === undefined && status !== 'not-applicable');
  return [
    ...(failed.length === 0 ? [] : [`Failed: ${labels(failed)}.`]),
    ...(open.length === 0 ? [] : [`Not shown: ${open.map(withStatus).join(', ')}.`]),
    ...(low.length === 0
      ? []
      : [`Low scores: ${low.map((item) => `${rowLabel(item)} (${String(item.score)} of 5)`).join(', ')}.`]),
    ...(unscored.length === 0 ? [] : [`Without a score: ${labels(unscored)}.`]),
  ];
}

function isBenchmark({ kind }: ItemVerdict): boolean {
  return kind === 'benchmark';
}

function share(some: readonly unknown[], all: readonly unknown[]): string {
  return some.length === all.length ? 'All of the' : `${String(some.length)} of the`;
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function labels(items: readonly ItemVerdict[]): string {
  return items.map(rowLabel).join(', ');
}

function withStatus(item: ItemVerdict): string {
  return `${rowLabel(item)} (${item.status === 'not-run' ? 'not run' : item.status})`;
}
