import type { CheckResult, ItemVerdict, Levels, LevelVerdict, Score } from './types.ts';

/** The levels of a rubric from the lowest up, each with whether its own checks are met. A level without a check is never met. */
export function levelsOf(levels: Levels, results: readonly CheckResult[]): LevelVerdict[] {
  const met = new Set(results.filter(isMet).map((result) => result.id));
  // Integer keys of an object are always enumerated in ascending order.
  return Object.entries(levels).map(([key, { title, reason, checks }]) => ({
    level: Number(key) as Score,
    title,
    reason,
    checks: checks.map((check) => check.id),
    met: checks.length > 0 && checks.every((check) => met.has(check.id)),
  }));
}

/**
 * The highest score while any check of the criterion is inconclusive. What could not be looked at may be broken, and 3 is where the anchors
 * begin to say that something works.
 */
const INCONCLUSIVE_CAP = 2 satisfies Score;

/**
 * The score that a rubric gives, and what it would have been if nothing were inconclusive, where that is more. Nothing at all when no check
 * could be judged: a criterion without evidence has no score.
 */
export function scoreOf(
  levels: readonly LevelVerdict[],
  results: readonly CheckResult[],
): Pick<ItemVerdict, 'score' | 'uncapped'> {
  if (!results.some(({ verdict }) => verdict === 'pass' || verdict === 'fail')) return {};
  const reached = reachedBy(levels);
  if (reached <= INCONCLUSIVE_CAP || !results.some(isInconclusive)) return { score: reached };
  return { score: INCONCLUSIVE_CAP, uncapped: reached };
}

/** The highest level that is met together with all levels below it; 1 where not even the lowest is, since the scale starts there. */
function reachedBy(levels: readonly LevelVerdict[]): Score {
  const firstUnmet = levels.findIndex((level) => !level.met);
  const reached = firstUnmet === -1 ? levels : levels.slice(0, firstUnmet);
  return reached.at(-1)?.level ?? 1;
}

/**
 * What stands between a score and the next level of the rubric: every check up to that level that is not met, and above the cap every
 * check that is inconclusive.
 */
export function missingForNextLevel(
  levels: readonly LevelVerdict[],
  results: readonly CheckResult[],
  score: Score,
): ItemVerdict['missing'] {
  const next = levels.find((level) => level.level > score) ?? levels.find((level) => !level.met);
  if (next === undefined) return undefined;
  const wanted = new Set(levels.filter((level) => level.level <= next.level).flatMap((level) => level.checks));
  const isWanted = (result: CheckResult) =>
    wanted.has(result.id) || (next.level > INCONCLUSIVE_CAP && isInconclusive(result));
  const checks = results.filter((result) => isWanted(result) && !isMet(result)).map((result) => result.id);
  return { level: next.level, checks };
}

function isInconclusive({ verdict }: Pick<CheckResult, 'verdict'>): boolean {
  return verdict === 'inconclusive';
}

/** What does not apply does not stand in the way; everything else has to pass. */
function isMet({ verdict }: Pick<CheckResult, 'verdict'>): boolean {
  return verdict === 'pass' || verdict === 'not-applicable';
}
