import { groupFindings, isUnmet } from './groups.ts';
import type { FindingGroup } from './groups.ts';
import type { CheckResult, ItemVerdict, Score } from './types.ts';

/** What a step counts for: a row, and for a criterion the level that it opens. */
export interface Gain {
  item: ItemVerdict;
  level?: Score;
}

/** One thing to do: what an experiment found wrong, or could not judge. */
export interface NextStep {
  experiment: string;
  /** `repair` when anything failed, else `show`: nothing is known to be wrong, it could only not be judged. */
  what: 'repair' | 'show';
  gains: Gain[];
  groups: FindingGroup[];
}

/**
 * What has to be done for rows to pass and scores to rise by a level, an entry for each experiment: first what gates need, then what
 * failed, then what most rows need. Pure.
 */
export function nextSteps(items: readonly ItemVerdict[]): NextStep[] {
  const wanted = items.flatMap((item) => wantedBy(item).map((check) => ({ check, gain: gainOf(item) })));
  const steps = [...Map.groupBy(wanted, ({ check }) => check.experiment)].map(([experiment, entries]): NextStep => {
    const checks = [...new Map(entries.map(({ check }) => [JSON.stringify(check), check])).values()];
    const groups = groupFindings(checks);
    const gains = [...new Map(entries.map(({ gain }) => [gain.item, gain])).values()];
    return { experiment, what: groups.some(isFail) ? 'repair' : 'show', gains, groups };
  });
  return steps.toSorted((a, b) => weight(b) - weight(a));
}

/** Rows of which nothing was tried. */
export function untried(items: readonly ItemVerdict[]): ItemVerdict[] {
  return items.filter(({ status }) => status === 'not-run');
}

/** The checks that keep a row from passing, or a score from rising. */
function wantedBy({ kind, checks, missing, score }: ItemVerdict): CheckResult[] {
  const unmet = checks.filter(isUnmet);
  if (kind !== 'criterion' || score === undefined) return unmet;
  const blocking = new Set(missing?.checks);
  return unmet.filter(({ id }) => blocking.has(id));
}

function gainOf(item: ItemVerdict): Gain {
  return item.missing === undefined ? { item } : { item, level: item.missing.level };
}

function isFail({ verdict }: FindingGroup): boolean {
  return verdict === 'fail';
}

/** Gates outweigh everything, failures outweigh what is unknown. */
function weight({ gains, what }: NextStep): number {
  const gates = gains.some(({ item }) => item.kind === 'gate');
  return (gates ? 10_000 : 0) + (what === 'repair' ? 1000 : 0) + Math.min(gains.length, 999);
}
