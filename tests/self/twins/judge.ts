import { catalogue } from '../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../helpers/verdict/evaluate.ts';
import type { History } from '../../../helpers/history/history.ts';
import type { Check, CheckResult } from '../../../helpers/verdict/types.ts';
import type { Twin } from './twin.ts';

/** All checks that read the histories of an experiment. */
export function checksOf(experiment: string): Check[] {
  return catalogue.filter((check) => check.experiment === experiment);
}

/** Judges every check on one history. What the target's file waives is not asked: it would hide a defect. */
export function judgeAll(experiment: string, history: History): CheckResult[] {
  const item = { id: 'twin', kind: 'gate', text: '', checks: checksOf(experiment) } as const;
  return evaluateItem(item, new Map([[experiment, history]]), { notApplicable: {} }).checks;
}

/** `VERDICT: SEEN` of those that are red, by their ids. Nothing that cannot be said to hold is green. */
export function redOf(results: readonly CheckResult[]): Map<string, string> {
  const red = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return new Map(red.map(({ id, verdict, seen }) => [id, `${verdict}: ${seen}`]));
}

/** What is otherwise than the twin says, in sentences; empty when it turned red exactly what it has to. */
export function deviations(
  { red: wanted, mayTurnRed = {} }: Pick<Twin, 'red' | 'mayTurnRed'>,
  found: ReadonlyMap<string, string>,
  without: ReadonlyMap<string, string>,
): string[] {
  const missed = Object.entries(wanted).flatMap(([id, reason]) => {
    if (without.has(id)) return [`${id} is red without the defect: ${without.get(id) ?? ''}`];
    const seen = found.get(id);
    if (seen === undefined) return [`${id} stayed green`];
    return reason.test(seen) ? [] : [`${id} is red for another reason: ${seen}`];
  });
  const strangers = [...found]
    .filter(([id]) => !(id in wanted) && !names(mayTurnRed, id) && !without.has(id))
    .map(([id, seen]) => `${id} turned red too: ${seen}`);
  return [...missed, ...strangers];
}

function names(some: Readonly<Record<string, string>>, id: string): boolean {
  return Object.keys(some).some((name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name));
}
