import { rowLabel } from './row.ts';
import type { CheckResult, Finding, ItemVerdict, RunVerdict, StandardVerdict } from './types.ts';

/**
 * How something changed from one run to another. `other` is neither: a failure that can no longer be judged is not better, and a waiver
 * is no achievement. `new` and `gone`: tried in one of the runs alone.
 */
export type Change = 'better' | 'worse' | 'other' | 'new' | 'gone';

/** What matters most comes first. */
export const changeOrder: readonly Change[] = ['worse', 'better', 'other', 'gone', 'new'];

/** Differences by how they changed, in that order. */
export function inOrder<T extends { change: Change }>(diffs: readonly T[], order = changeOrder): T[] {
  return diffs.toSorted((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
}

/** What a row had in one of the runs. */
export type RowState = Pick<ItemVerdict, 'status' | 'score'>;

export interface RowDiff {
  id: string;
  /** How a person speaks of it. */
  label: string;
  /** Undefined when the standard had no such row in that run. */
  before?: RowState;
  after?: RowState;
  change: Change;
}

export interface CheckDiff extends Pick<CheckResult, 'id' | 'title' | 'expected' | 'experiment'> {
  /** Undefined when it was not tried in that run. */
  before?: Finding;
  after?: Finding;
  change: Change;
}

/** What changed of one target by one standard; what stayed as it was is counted only. */
export interface StandardDiff {
  standard: string;
  title: string;
  target: string;
  rows: RowDiff[];
  checks: CheckDiff[];
  /** Checks with the same verdict in both runs. */
  unchanged: number;
}

export interface VerdictDiff {
  before: Pick<RunVerdict, 'run' | 'complete'>;
  after: Pick<RunVerdict, 'run' | 'complete'>;
  standards: StandardDiff[];
}

/** What got better or worse from one run to another, by the verdicts alone. Pure. */
export function diffVerdicts(before: RunVerdict, after: RunVerdict): VerdictDiff {
  const keys = new Set([...after.standards, ...before.standards].map(keyOf));
  const find = ({ standards }: RunVerdict, key: string) => standards.find((standard) => keyOf(standard) === key);
  return {
    before: { run: before.run, complete: before.complete },
    after: { run: after.run, complete: after.complete },
    standards: [...keys].map((key) => diffStandard(find(before, key), find(after, key))),
  };
}

/** Whether the second run is worse: something got worse, or what had passed was not tried again. */
export function gotWorse({ standards }: VerdictDiff): boolean {
  return standards.some(({ rows, checks }) =>
    [...rows, ...checks].some(({ change, before }) => change === 'worse' || (change === 'gone' && hadPassed(before))),
  );
}

/** The same for one target by one standard; either may be missing. */
export function diffStandard(before: StandardVerdict | undefined, after: StandardVerdict | undefined): StandardDiff {
  const { standard = '', title = '', target = '' } = after ?? before ?? {};
  const checks = pairs(checksOf(before), checksOf(after));
  const changed = checks.flatMap(([was, is]) => diffCheck(was, is));
  return {
    standard,
    title,
    target,
    rows: pairs(before?.items ?? [], after?.items ?? []).flatMap(([was, is]) => diffRow(was, is)),
    checks: changed,
    unchanged: checks.length - changed.length,
  };
}

function diffRow(was: ItemVerdict | undefined, is: ItemVerdict | undefined): RowDiff[] {
  const [change, row] = [rowChange(was, is), is ?? was];
  if (change === undefined || row === undefined) return [];
  const state = ({ status, score }: ItemVerdict): RowState => (score === undefined ? { status } : { status, score });
  return [
    {
      id: row.id,
      label: rowLabel(row),
      change,
      ...(was === undefined ? {} : { before: state(was) }),
      ...(is === undefined ? {} : { after: state(is) }),
    },
  ];
}

function diffCheck(was: CheckResult | undefined, is: CheckResult | undefined): CheckDiff[] {
  const [change, check] = [changeOf(was?.verdict, is?.verdict), is ?? was];
  if (change === undefined || check === undefined) return [];
  const { id, title, expected, experiment } = check;
  const finding = ({ verdict, seen, evidence = [] }: CheckResult): Finding => ({ verdict, seen, evidence });
  return [
    {
      id,
      title,
      expected,
      experiment,
      change,
      ...(was === undefined ? {} : { before: finding(was) }),
      ...(is === undefined ? {} : { after: finding(is) }),
    },
  ];
}

function keyOf({ standard, target }: StandardVerdict): string {
  return JSON.stringify([standard, target]);
}

/** A check that several rows need counts once. */
function checksOf(verdict: StandardVerdict | undefined): CheckResult[] {
  return [
    ...new Map((verdict?.items ?? []).flatMap(({ checks }) => checks).map((check) => [check.id, check])).values(),
  ];
}

function pairs<T extends { id: string }>(before: readonly T[], after: readonly T[]): [T | undefined, T | undefined][] {
  const [was, is] = [new Map(before.map((one) => [one.id, one])), new Map(after.map((one) => [one.id, one]))];
  return [...new Set([...is.keys(), ...was.keys()])].map((id) => [was.get(id), is.get(id)]);
}

/** A score tells more than the status of its criterion, which is `fail` below the highest level. */
function rowChange(before: ItemVerdict | undefined, after: ItemVerdict | undefined): Change | undefined {
  const [was, is] = [statusOf(before), statusOf(after)];
  if (before?.score !== undefined && after?.score !== undefined && before.score !== after.score)
    return after.score > before.score ? 'better' : 'worse';
  if (before?.score !== undefined && is !== undefined && after?.score === undefined) return 'worse';
  if (before?.score === undefined && was !== undefined && after?.score !== undefined) return 'better';
  return before?.score !== undefined && after?.score !== undefined ? undefined : changeOf(was, is);
}

function statusOf(item: ItemVerdict | undefined): CheckResult['verdict'] | undefined {
  return item === undefined || item.status === 'not-run' ? undefined : item.status;
}

/** `undefined` for a verdict: it was not tried. Gives undefined when nothing changed. */
function changeOf(was: CheckResult['verdict'] | undefined, is: CheckResult['verdict'] | undefined): Change | undefined {
  if (was === is) return undefined;
  if (was === undefined) return 'new';
  if (is === undefined) return 'gone';
  if (is === 'pass') return was === 'not-applicable' ? 'other' : 'better';
  if (is === 'fail') return 'worse';
  // What passed, and can no longer be judged, has lost its proof.
  return is === 'inconclusive' && was === 'pass' ? 'worse' : 'other';
}

function hadPassed(before: RowState | Finding | undefined): boolean {
  if (before === undefined) return false;
  return 'verdict' in before ? before.verdict === 'pass' : before.status === 'pass' || before.score !== undefined;
}
