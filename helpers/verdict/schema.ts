import { z } from 'zod';
import type { RunVerdict } from './types.ts';

/** What a check can come to. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'not-applicable'] as const;

/** What a row can come to. */
export const statuses = [...verdicts, 'not-run'] as const;

const verdict = z
  .enum(verdicts)
  .describe('inconclusive is red: something is missing; not-applicable has a written reason');

const status = z.enum(statuses).describe('not-run: none of the experiments behind the row has a history in this run');

const score = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

const check = z.object({
  id: z.string().describe('Stable: the same whatever the verdict, and in every run'),
  title: z.string().describe('True when the check passes'),
  expected: z.string(),
  experiment: z.string().describe('The experiment whose history was read'),
  reason: z.string().exactOptional().describe('Why this threshold'),
  verdict,
  seen: z.string().describe('For inconclusive what is missing, for not-applicable the written reason'),
  evidence: z
    .array(z.string())
    .exactOptional()
    .describe('Lines of histories: first-tool-call#12 is line 12 of experiments/TARGET/first-tool-call/history.jsonl'),
});

const level = z.object({
  level: score,
  title: z.string(),
  reason: z.string(),
  checks: z.array(z.string()).describe('Ids of the checks'),
  met: z.boolean().describe('All checks of this level pass or do not apply; the levels below are not looked at'),
});

const item = z.object({
  id: z.string().describe('Stable, e.g. gate-rollback'),
  kind: z.enum(['criterion', 'benchmark', 'gate']),
  number: z.number().exactOptional().describe('As the scorecard prints it; gates have none'),
  name: z.string().exactOptional().describe('Name of a gate'),
  text: z.string().describe('As the standard has it'),
  status,
  score: score.exactOptional().describe('Only criteria have one, and only when a check could be judged'),
  uncapped: score.exactOptional().describe('What the score would be if no check were inconclusive, where that is more'),
  note: z.string().describe('One line: what was seen, or what failed or is missing'),
  checks: z.array(check),
  missing: z
    .object({ level: score, checks: z.array(z.string()) })
    .exactOptional()
    .describe('For criteria: what stands between this score and the next level'),
  levels: z.array(level).exactOptional().describe('For criteria: the rubric and how far it is met'),
});

const standard = z.object({
  standard: z.string().describe('Id, e.g. category-8'),
  title: z.string(),
  target: z.string().describe('Name of what was on trial'),
  items: z.array(item).describe('Every row of the standard, those that were not run too'),
  remarks: z.array(z.string()).exactOptional().describe('What no row is about and yet has to be known'),
});

/**
 * `verdict.json`, for those who read it. It allows fields that it does not know, so that a reader which holds an older copy goes on reading:
 * what may change within this version, and what may not, is promised in docs/reports.md.
 */
export const verdictSchema = z.object({
  schema: z.literal('https://seatrial.dev/schemas/verdict/v1').describe('Changes when a reader would have to'),
  run: z.string().describe('Id of the run'),
  complete: z.boolean().describe('False when the run ended early: what was cut off is not-run or inconclusive'),
  standards: z.array(standard).describe('One for each standard and target'),
}) satisfies z.ZodType<RunVerdict>;
