import { z } from 'zod';
import { statuses } from '../schema.ts';
import type { ItemVerdict, RunVerdict, StandardVerdict } from '../types.ts';
import { rowName } from '../row.ts';
import { byTarget, hasPassed, runSpan } from './run.ts';
import type { ViewedRun } from './run.ts';

const counts = z.record(z.enum(statuses), z.int().min(0));

const check = z.object({
  name: z.string().describe('The row: Gate: Rollback, or Criterion 2: and the words of the standard'),
  id: z.string().describe('STANDARD.ROW, e.g. category-8.gate-rollback: the same in every run'),
  score: z
    .int()
    .min(-1)
    .max(10)
    .describe(
      'As OpenSSF Scorecard counts: a criterion has twice its score of 1 to 5, a gate or benchmark 10 or 0; -1 is inconclusive, not run, or not applicable',
    ),
  status: z.enum(statuses),
  reason: z.string(),
  details: z.array(z.string()).describe('The checks that are not met, one a line'),
});

/**
 * `summary.json`: the run in brief, for portals and policies. Checks are shaped as in the results of OpenSSF Scorecard; facts are flat, as a
 * fact retriever of Backstage's Tech Insights returns them. There is no score of the whole: an average hides the gate that failed.
 */
export const summarySchema = z.object({
  schema: z.literal('https://seatrial.dev/schemas/summary/v1'),
  run: z.string(),
  date: z.iso.datetime().describe('When the run ended, UTC'),
  complete: z.boolean().describe('False when the run ended early'),
  passed: z.boolean().describe('The run came to its end, something was tried, and none of it is red'),
  scorecard: z.object({ name: z.literal('seatrial'), version: z.string() }),
  targets: z.array(
    z.object({
      target: z.string(),
      gates: counts,
      benchmarks: counts,
      criteria: counts,
      lowestScore: z.int().min(1).max(5).nullable().describe('Of the criteria that have one'),
      checks: z.array(check),
      facts: z
        .record(z.string(), z.union([z.boolean(), z.int(), z.string()]))
        .describe(
          'STANDARD.ROW is true when the row passed and false otherwise, missing when it was not run or does not apply; STANDARD.ROW.score is the score of a criterion',
        ),
    }),
  ),
});

export type RunSummary = z.infer<typeof summarySchema>;

/** Pure. */
export function summaryOf(verdict: RunVerdict, run: ViewedRun): RunSummary {
  const { run: id, complete } = verdict;
  return {
    schema: 'https://seatrial.dev/schemas/summary/v1',
    run: id,
    date: new Date(runSpan(run).stop).toISOString(),
    complete,
    passed: hasPassed(verdict),
    scorecard: { name: 'seatrial', version: run.about?.seatrialVersion ?? 'unknown' },
    targets: [...byTarget(verdict)].map(([target, standards]) => {
      const items = standards.flatMap((standard) => standard.items);
      const of = (kind: ItemVerdict['kind']) => countsOf(items.filter((item) => item.kind === kind));
      const scores = items.flatMap(({ score }) => score ?? []);
      return {
        target,
        gates: of('gate'),
        benchmarks: of('benchmark'),
        criteria: of('criterion'),
        lowestScore: scores.length === 0 ? null : Math.min(...scores),
        checks: standards.flatMap((standard) => standard.items.map((item) => checkOf(standard, item))),
        facts: { run: id, complete, ...Object.fromEntries(standards.flatMap(factsOf)) },
      };
    }),
  };
}

function countsOf(items: readonly ItemVerdict[]): Record<ItemVerdict['status'], number> {
  const count = (status: ItemVerdict['status']) => items.filter((item) => item.status === status).length;
  return Object.fromEntries(statuses.map((status) => [status, count(status)])) as Record<ItemVerdict['status'], number>;
}

function checkOf({ standard }: StandardVerdict, item: ItemVerdict): z.infer<typeof check> {
  const unmet = item.checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return {
    name: rowName(item),
    id: `${standard}.${item.id}`,
    score: tenths(item),
    status: item.status,
    reason: item.note,
    details: unmet.map(({ id, verdict, seen }) => `${verdict}: ${id}: ${seen}`),
  };
}

function tenths({ kind, status, score }: ItemVerdict): number {
  if (kind === 'criterion') return score === undefined ? -1 : score * 2;
  if (status === 'pass') return 10;
  return status === 'fail' ? 0 : -1;
}

function factsOf({ standard, items }: StandardVerdict): [string, boolean | number][] {
  return items.flatMap(({ id, status, score }): [string, boolean | number][] => {
    if (status === 'not-run' || status === 'not-applicable') return [];
    const row = `${standard}.${id}`;
    return [[row, status === 'pass'], ...(score === undefined ? [] : [[`${row}.score`, score] as [string, number]])];
  });
}
