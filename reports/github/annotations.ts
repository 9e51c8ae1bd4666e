import { isUnmet } from '../../helpers/verdict/groups.ts';
import { rowName } from '../../helpers/verdict/row.ts';
import type { CheckResult, ItemVerdict, RunVerdict } from '../../helpers/verdict/types.ts';
import type { Annotation } from './commands.ts';

/** Where the cause of a finding stands, as far as that is known. */
export interface Place {
  /** Relative to the repository. */
  file: string;
  /** From 1. */
  line: number;
}

export type PlaceOf = (check: CheckResult, item: ItemVerdict, standard: string) => Place | undefined;

/** GitHub shows no more than ten of each level for a step; the summary has all of them. */
const SHOWN = 10;

/** Checks that one annotation names; somebody who reads more than that reads the report. */
const NAMED = 5;

/** A failed gate comes before a failed benchmark, and that before a score. */
const order: readonly ItemVerdict['kind'][] = ['gate', 'benchmark', 'criterion'];

interface Unmet {
  check: CheckResult;
  item: ItemVerdict;
  place: Place | undefined;
}

/**
 * What failed or could not be judged, as annotations: one for all checks with the same place, the most important first, at most ten of each
 * level. A check that several rows need is told once. Pure but for what `placeOf` reads.
 */
export function annotationsOf(verdict: RunVerdict, placeOf: PlaceOf, endedEarly?: string): Annotation[] {
  const early: Annotation[] =
    endedEarly === undefined ? [] : [{ level: 'error', title: 'Seatrial: the run ended early', message: endedEarly }];
  const unmet = unmetIn(verdict, placeOf);
  const of = (found: CheckResult['verdict'], level: Annotation['level'], room: number) =>
    [
      ...Map.groupBy(
        unmet.filter(({ check }) => check.verdict === found),
        keyOf,
      ).values(),
    ]
      .slice(0, room)
      .map((together) => annotation(together, level));
  return [...early, ...of('fail', 'error', SHOWN - early.length), ...of('inconclusive', 'warning', SHOWN)];
}

function unmetIn(verdict: RunVerdict, placeOf: PlaceOf): Unmet[] {
  const rows = verdict.standards.flatMap(({ standard, target, items }) =>
    items.map((item) => ({ standard, target, item })),
  );
  const sorted = rows.toSorted((a, b) => order.indexOf(a.item.kind) - order.indexOf(b.item.kind));
  const told = new Set<string>();
  return sorted.flatMap(({ standard, target, item }) =>
    item.checks.flatMap((check) => {
      const key = JSON.stringify([standard, target, check.id]);
      if (told.has(key) || !isUnmet(check)) return [];
      told.add(key);
      return [{ check, item, place: placeOf(check, item, standard) }];
    }),
  );
}

/** What stands at one place belongs together; what has none, by its row. */
function keyOf({ place, item }: Unmet): string {
  return place === undefined ? item.id : `${place.file}:${String(place.line)}`;
}

function annotation(together: readonly Unmet[], level: Annotation['level']): Annotation {
  const [first] = together;
  const rows = [...new Set(together.map(({ item }) => rowName(item)))];
  const word = level === 'error' ? 'failed' : 'inconclusive';
  const named = together.slice(0, NAMED).map(({ check }) => describe(check));
  const more = together.length - named.length;
  return {
    level,
    title: `Seatrial ${word}: ${rows[0] ?? ''}${rows.length > 1 ? ` and ${String(rows.length - 1)} more` : ''}`,
    message: [...named, ...(more > 0 ? [`… and ${String(more)} more checks`] : [])].join('\n'),
    ...first?.place,
  };
}

function describe({ id, title, expected, seen }: CheckResult): string {
  return `${title}: expected ${expected}; seen ${seen} (${id})`;
}
