import type { CheckResult } from './types.ts';

/** Checks that one and the same finding decided, e.g. all that need an observer who was blind. */
export interface FindingGroup {
  experiment: string;
  verdict: CheckResult['verdict'];
  seen: string;
  checks: CheckResult[];
}

/** Puts together what was found once, so that it is read once. Failures first, then what is inconclusive. */
export function groupFindings(results: readonly CheckResult[]): FindingGroup[] {
  const groups = Map.groupBy(results, ({ experiment, verdict, seen }) => JSON.stringify([experiment, verdict, seen]));
  const found = [...groups.values()].flatMap((checks) => {
    const [first] = checks;
    return first === undefined
      ? []
      : [{ experiment: first.experiment, verdict: first.verdict, seen: first.seen, checks }];
  });
  return found.toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict));
}

const worstFirst: readonly CheckResult['verdict'][] = ['fail', 'inconclusive', 'pass', 'not-applicable'];

/** Failed or inconclusive: what somebody has to do something about. */
export function isUnmet({ verdict }: Pick<CheckResult, 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'inconclusive';
}

/** How many results there are of each verdict. */
export function tally(results: readonly Pick<CheckResult, 'verdict'>[]): Record<CheckResult['verdict'], number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0, 'not-applicable': 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** `3 passed, 1 failed`: only what there is, the worst first. */
export function tallyText(counts: Record<CheckResult['verdict'], number>): string {
  const words = [
    [counts.fail, 'failed'],
    [counts.inconclusive, 'inconclusive'],
    [counts.pass, 'passed'],
    [counts['not-applicable'], 'not applicable'],
  ] as const;
  const told = words.filter(([number]) => number > 0).map(([number, word]) => `${String(number)} ${word}`);
  return told.length === 0 ? 'none' : told.join(', ');
}
