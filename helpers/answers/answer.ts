import { didYouMean } from '../config/suggest.ts';
import { seconds } from '../format.ts';
import type { ItemVerdict, RunVerdict, Score } from '../verdict/types.ts';
import type { Question } from './question.ts';
import type { KnownRun } from './runs.ts';

/** What a machine that rolls out is told. Only `pass` means go on. */
export interface Answer {
  verdict: 'pass' | 'fail' | 'inconclusive';
  passed: boolean;
  /** Why it is not a pass, or what was seen. */
  reason: string;
  target: string;
  standard: string;
  row: string;
  /** Of the row in that run, as the scorecard has it. */
  status?: ItemVerdict['status'];
  score?: Score;
  run?: string;
  /** ISO 8601, UTC. */
  endedAt?: string;
}

/** The question itself is wrong: no run can ever answer it. */
export interface Unanswerable {
  problem: string;
}

/**
 * Answers from the newest run that tried the row, or from the one that was named. Whatever stands between the verdict and what is rolled out
 * now makes it inconclusive: its age, an early end, a newer run of the same target that has no verdict.
 * @param runs the newest first. @param now in ms since the epoch.
 */
export function answer(question: Question, runs: Iterable<KnownRun>, now: number): Answer | Unanswerable {
  const { target, standard, row, run: wanted } = question;
  const common = { target, standard, row };
  const open = (reason: string, more: Partial<Answer> = {}): Answer => ({
    verdict: 'inconclusive',
    passed: false,
    reason,
    ...common,
    ...more,
  });
  const others = new Set<string>();
  for (const run of runs) {
    if (wanted !== undefined && run.id !== wanted) continue;
    if ('problem' in run.verdict) {
      if (run.target !== undefined && run.target !== target) continue;
      return open(`run ${run.id} is the newest, and ${run.verdict.problem}`, { run: run.id });
    }
    for (const one of run.verdict.standards) others.add(one.target);
    const found = rowIn(run.verdict, question);
    if (found === undefined) continue;
    if ('problem' in found) return found;
    if (found.status === 'not-run' && wanted === undefined) continue;
    return judged(question, run, run.verdict, found, now, open);
  }
  if (wanted !== undefined) return open(`run ${wanted} says nothing about ${target}, ${standard}, ${row}`);
  const known = others.size === 0 ? '' : `; runs know the targets ${[...others].join(', ')}`;
  return open(`no run has tried ${row} of ${standard} on ${target}${known}`);
}

/** @returns undefined when the run is about something else. */
function rowIn({ standards }: RunVerdict, { target, standard, row }: Question): ItemVerdict | Unanswerable | undefined {
  const judged = standards.find((one) => one.target === target && one.standard === standard);
  if (judged === undefined) return undefined;
  const item = judged.items.find(({ id }) => id === row);
  if (item !== undefined) return item;
  const rows = judged.items.map(({ id }) => id);
  return { problem: `${standard} has no row ${row}: ${didYouMean(row, rows) ?? `it has ${rows.join(', ')}`}` };
}

function judged(
  { maxAge, since }: Question,
  { id, startedAt, endedAt }: KnownRun,
  { complete }: RunVerdict,
  { status, score, note }: ItemVerdict,
  now: number,
  open: (reason: string, more: Partial<Answer>) => Answer,
): Answer {
  const about: Partial<Answer> = {
    status,
    ...(score === undefined ? {} : { score }),
    run: id,
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
  if (status === 'fail') return { ...open(note, about), verdict: 'fail' };
  if (status === 'not-applicable') return open(`the row does not apply, by the target's file: ${note}`, about);
  if (status !== 'pass') return open(note, about);
  if (!complete) return open(`run ${id} ended early`, about);
  if (endedAt === undefined) return open(`nothing says when run ${id} ended`, about);
  if (now - endedAt > maxAge)
    return open(`run ${id} ended ${seconds(now - endedAt)} ago, longer than ${seconds(maxAge)}`, about);
  if (since !== undefined && (startedAt === undefined || startedAt < since))
    return open(`run ${id} began before ${new Date(since).toISOString()}`, about);
  return { ...open(note, about), verdict: 'pass', passed: true };
}
