import type { Sections } from './recorded.ts';
import { duration } from './words.ts';
import { workingTime } from './working-time.ts';

type Escalation = Sections['escalation'];
type Drill = Escalation['drills'][number];

/** A level in a drill: what it took to reach it, and what it may take; both in ms. */
export interface DrilledLevel {
  level: string;
  limit: number;
  /** Undefined when it was not reached. */
  took: number | undefined;
}

/** The latest drill of one of the two most urgent severities. */
export function latestDrill({ drills }: Escalation, sla: Sections['sla']): Drill | undefined {
  const urgent = sla.slice(0, 2).map(({ name }) => name);
  return drills
    .filter(({ severity }) => urgent.includes(severity))
    .toSorted((a, b) => a.started - b.started)
    .at(-1);
}

/**
 * What each level of the path had as its limit, and took. The first one counts on the clock of the severity, the others from the
 * level before. Undefined when the path leaves a limit open.
 */
export function limitsOf(
  { severity, started, reached }: Drill,
  { levels }: Escalation,
  sla: Sections['sla'],
  calendar: Sections['calendar'] | undefined,
): DrilledLevel[] | undefined {
  const promised = sla.find(({ name }) => name === severity);
  const hours = promised?.clock === '24x7' ? '24x7' : calendar;
  if (promised === undefined || hours === undefined) return undefined;
  const moments = levels.map(({ name }) => reached.find(({ level }) => level === name)?.at);
  const limits = [promised.firstResponse, ...levels.slice(0, -1).map(({ timeLimit }) => timeLimit)];
  if (limits.includes(undefined)) return undefined;
  return levels.map(({ name }, index) => {
    const [at, before] = [moments[index], index === 0 ? started : moments[index - 1]];
    // Who is reached before the drill begins, or before the level below, was not reached by this path.
    const known = at !== undefined && before !== undefined && at >= before;
    const took = !known ? undefined : index === 0 ? workingTime(hours, before, at) : at - before;
    return { level: name, limit: limits[index] ?? 0, took };
  });
}

/** The levels that were reached too late, or not at all. */
export function lateLevels(levels: readonly DrilledLevel[]): string[] {
  return levels.flatMap(({ level, limit, took }) => {
    if (took === undefined) return [`${level} was not reached in its turn`];
    return took > limit ? [`${level} took ${duration(took)} of ${duration(limit)}`] : [];
  });
}
