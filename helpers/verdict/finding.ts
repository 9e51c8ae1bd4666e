import type { z } from 'zod';
import type { History } from '../history/history.ts';
import type { HistoryRecord, StepRecord } from '../history/records.ts';
import { declarationIn } from './declared-target.ts';
import type { Check, Finding } from './types.ts';

/** Declares a check. The same text whatever the verdict; see `Check` for its fields. */
export function check(definition: Check): Check {
  return Object.freeze(definition);
}

export function pass(seen: string, ...evidence: string[]): Finding {
  return { verdict: 'pass', seen, evidence };
}

export function fail(seen: string, ...evidence: string[]): Finding {
  return { verdict: 'fail', seen, evidence };
}

/** @param missing what would have been needed to decide. */
export function inconclusive(missing: string): Finding {
  return { verdict: 'inconclusive', seen: missing };
}

/** Puts findings about parts (releases, versions) together: the worst decides, and only those that decide are told. */
export function all(parts: readonly Finding[], nothing: string): Finding {
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const deciding = parts.filter((part) => part.verdict === verdict);
    if (deciding.length === 0) continue;
    const evidence = deciding.flatMap((part) => part.evidence ?? []);
    return {
      verdict,
      seen: deciding.map((part) => part.seen).join('; '),
      ...(evidence.length === 0 ? {} : { evidence }),
    };
  }
  return inconclusive(nothing);
}

/** Asks the same question about every release that the target declares, also about one that left no trace. */
export function everyRelease(history: History, find: (release: string) => Finding): Finding {
  const releases = declarationIn(history)?.releases;
  if (releases === undefined) return inconclusive('the history does not say which releases the target declares');
  return all(releases.map(find), 'the target declares no release');
}

/** What to find in a step that was done; one that failed is `fail`, one that was never recorded is `inconclusive`. */
export function ofStep(history: History, id: string, find: (step: StepRecord, evidence: string) => Finding): Finding {
  const step = history.step(id);
  if (step === undefined) return inconclusive(`the step ${id} was not recorded`);
  const evidence = history.reference(step);
  return step.ok ? find(step, evidence) : fail(`${id} failed: ${step.error ?? 'no reason was recorded'}`, evidence);
}

/** What to find in a fact; one that was never recorded is `inconclusive`. */
export function ofFact<T>(
  history: History,
  key: string,
  schema: z.ZodType<T>,
  find: (value: T, evidence: string) => Finding,
): Finding {
  const record = history.factRecord(key);
  if (record === undefined) return inconclusive(`the fact ${key} was not recorded`);
  return find(schema.parse(record.value), history.reference(record));
}

/** Passes when `items` has no more than `limit`; names the items otherwise. */
export function atMost(limit: number, noun: string, items: readonly string[], evidence: string): Finding {
  const seen = `${String(items.length)} ${noun}${items.length === 0 ? '' : `: ${items.join(', ')}`}`;
  return items.length <= limit ? pass(seen, evidence) : fail(seen, evidence);
}

/** The evidence of several records. */
export function references(history: History, records: readonly HistoryRecord[]): string[] {
  return records.map((record) => history.reference(record));
}
