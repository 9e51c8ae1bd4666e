import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { History } from '../history/history.ts';
import { declaredTarget, type DeclaredTarget } from './declared-target.ts';
import { surroundingsOf } from './disturbance.ts';
import { noteOf, notRunNote } from './note.ts';
import { levelsOf, missingForNextLevel, scoreOf } from './score.ts';
import type { Check, CheckResult, Finding, Item, ItemVerdict, Standard, StandardVerdict, Verdict } from './types.ts';

/** The histories of one target in one run, by the id of their experiment. */
export type Histories = ReadonlyMap<string, History>;

/** Judges every item of a standard. Pure: the same histories give the same verdict. */
export function evaluateStandard(standard: Standard, histories: Histories, target: DeclaredTarget): StandardVerdict {
  const remarks = [...histories].flatMap(([experiment, history]) => leftBehind(experiment, history));
  return {
    standard: standard.id,
    title: standard.title,
    target: target.name,
    items: standard.items.map((item) => evaluateItem(item, histories, target)),
    ...(remarks.length === 0 ? {} : { remarks }),
  };
}

/** Only one row asks whether a namespace goes; whatever experiment left one behind, somebody has to remove it. */
function leftBehind(experiment: string, history: History): string[] {
  const troubles = z.array(z.string()).safeParse(history.fact('teardown.trouble')).data ?? [];
  return troubles.map((trouble) => `The experiment ${experiment} left something behind: ${trouble}`);
}

/**
 * Judges one row of a scorecard. Pure.
 * @param target what the target's file says does not apply; by default what the histories themselves recorded.
 */
export function evaluateItem(
  item: Item,
  histories: Histories,
  target: Pick<DeclaredTarget, 'notApplicable'> = declaredTarget(histories) ?? { notApplicable: {} },
): ItemVerdict {
  const { id, kind, number, name, text } = item;
  const row = { id, kind, ...(number === undefined ? {} : { number }), ...(name === undefined ? {} : { name }), text };
  const checks = checksOf(item);
  if (!checks.some((check) => histories.has(check.experiment)))
    return { ...row, status: 'not-run', note: notRunNote(checks), checks: [] };

  const results = checks.map((check) =>
    evaluateCheck(check, histories.get(check.experiment), target.notApplicable[check.id]),
  );
  const status = statusOf(results);
  if (item.kind !== 'criterion') return { ...row, status, note: noteOf({ status, checks: results }), checks: results };

  const levels = levelsOf(item.levels, results);
  const marks = scoreOf(levels, results);
  const missing = marks.score === undefined ? undefined : missingForNextLevel(levels, results, marks.score);
  const scored = { ...marks, ...(missing === undefined ? {} : { missing }), levels };
  return { ...row, status, ...scored, note: noteOf({ status, checks: results, ...scored }), checks: results };
}

/** The checks of an item, those of a criterion from the lowest level up. */
export function checksOf(item: Item): Check[] {
  return item.kind === 'criterion' ? Object.values(item.levels).flatMap((level) => level.checks) : item.checks;
}

/** `fail` if anything failed, else `inconclusive` if anything is, else `pass`; `not-applicable` only when nothing else is left. */
function statusOf(results: readonly Finding[]): Verdict {
  const has = (verdict: Verdict) => results.some((result) => result.verdict === verdict);
  if (has('fail')) return 'fail';
  if (has('inconclusive') || results.length === 0) return 'inconclusive';
  return has('pass') ? 'pass' : 'not-applicable';
}

function evaluateCheck(check: Check, history: History | undefined, notApplicable: string | undefined): CheckResult {
  const { id, title, expected, experiment, reason } = check;
  const stated = { id, title, expected, experiment, ...(reason === undefined ? {} : { reason }) };
  if (notApplicable !== undefined) return { ...stated, verdict: 'not-applicable', seen: notApplicable };
  return { ...stated, ...findingOf(check, history) };
}

function findingOf(check: Check, history: History | undefined): Finding {
  const broken =
    history === undefined
      ? `the experiment ${check.experiment} has no history in this run`
      : whyUnusable(check.experiment, history);
  if (history === undefined || broken !== undefined) return { verdict: 'inconclusive', seen: broken ?? '' };
  try {
    const finding = check.evaluate(history);
    // What passes must be able to show what it saw: a pass over nothing is the classic false green.
    if (finding.verdict !== 'pass' || (finding.evidence ?? []).length > 0) return finding;
    return { verdict: 'inconclusive', seen: `nothing in the history carries it: ${finding.seen}` };
  } catch (thrown) {
    return { verdict: 'inconclusive', seen: `the check itself broke: ${messageOf(thrown)}` };
  }
}

function whyUnusable(experiment: string, history: History): string | undefined {
  const { end, records } = history;
  if (end === undefined)
    return `the experiment ${experiment} did not end: its history stops after ${String(records.length)} records`;
  if (end.status === 'aborted')
    return `the experiment ${experiment} was aborted: ${end.error ?? 'no reason was recorded'}`;
  const troubles = surroundingsOf(history);
  if (troubles.length > 0) return `the experiment ${experiment} says nothing about the target: ${troubles.join('; ')}`;
  return undefined;
}
