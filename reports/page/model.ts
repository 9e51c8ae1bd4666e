import { decide } from '../../helpers/verdict/decision.ts';
import type { Decided } from '../../helpers/verdict/decision.ts';
import { diffStandard } from '../../helpers/verdict/diff.ts';
import type { StandardDiff } from '../../helpers/verdict/diff.ts';
import type { Histories } from '../../helpers/verdict/evaluate.ts';
import type { RunAbout } from '../../helpers/verdict/run-folder.ts';
import type { CheckResult, ItemVerdict, RunVerdict, StandardVerdict } from '../../helpers/verdict/types.ts';
import { anchor } from './html.ts';
import type { Picture } from './pictures.ts';

/** All that the page is made of. */
export interface PageInput {
  verdict: RunVerdict;
  about: RunAbout | undefined;
  /** The verdict of the run before; undefined when there is none. */
  previous: RunVerdict | undefined;
  /** Other views of the run: where they are, relative to its folder, and what each is for. */
  views: readonly (readonly [file: string, meaning: string])[];
  /** By the name of their target. */
  histories: ReadonlyMap<string, Histories>;
  /** By target and experiment; see `pictureKey`. */
  pictures: ReadonlyMap<string, readonly Picture[]>;
}

/** A check, and the rows that it counts for. */
export interface Listed {
  check: CheckResult;
  anchor: string;
  rows: ItemVerdict[];
}

/** One target by one standard. */
export interface Trial extends Decided {
  verdict: StandardVerdict;
  /** Distinguishes this trial's anchors from those of others on the page. */
  key: string;
  /** Every check once, by experiment. */
  experiments: ReadonlyMap<string, Listed[]>;
  diff: StandardDiff | undefined;
}

/** Trials of which anything was tried; the others have nothing to show. */
export function trialsOf({ verdict, previous }: Pick<PageInput, 'verdict' | 'previous'>): Trial[] {
  return verdict.standards.flatMap((standard, index) => {
    if (standard.items.every(({ status }) => status === 'not-run')) return [];
    const key = `t${String(index + 1)}`;
    const before = previous?.standards.find(
      (other) => other.standard === standard.standard && other.target === standard.target,
    );
    return [
      {
        ...decide(standard, verdict),
        verdict: standard,
        key,
        experiments: listed(standard, key),
        diff: before === undefined ? undefined : diffStandard(before, standard),
      },
    ];
  });
}

/** Where the checks of an experiment are listed. */
export function experimentAnchor(trial: Pick<Trial, 'key'>, experiment: string): string {
  return anchor(trial.key, 'experiment', experiment);
}

function listed({ items }: StandardVerdict, key: string): Map<string, Listed[]> {
  const checks = new Map<string, Listed>();
  for (const item of items) {
    for (const check of item.checks) {
      // The same check has the same finding in every row; in a verdict that was tampered with, both are shown.
      const identity = JSON.stringify([check.id, check.verdict, check.seen]);
      const entry = checks.get(identity);
      if (entry === undefined) {
        checks.set(identity, { check, anchor: anchor(key, checks.size + 1, check.id), rows: [item] });
      } else if (!entry.rows.includes(item)) entry.rows.push(item);
    }
  }
  return Map.groupBy(checks.values(), ({ check }) => check.experiment);
}
