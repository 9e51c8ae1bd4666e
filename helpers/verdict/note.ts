import type { Check, CheckResult, ItemVerdict, Score } from './types.ts';

/** Lines of evidence that a note names at most; the rest stands in verdict.json. */
const EVIDENCE_SHOWN = 3;

type Judged = Pick<ItemVerdict, 'status' | 'checks' | 'score' | 'uncapped' | 'missing' | 'levels'>;

/** One line for the evidence column: what was seen, or what failed or is missing, and where that stands in the history. */
export function noteOf(verdict: Judged): string {
  return [leadOf(verdict), ...waived(verdict)].join(' ');
}

/** The note of a row of which nothing ran: the experiments that have to. */
export function notRunNote(checks: readonly Pick<Check, 'experiment'>[]): string {
  const experiments = [...new Set(checks.map(({ experiment }) => experiment))];
  return experiments.length === 0 ? 'not run' : `not run; to bring: ${experiments.join(', ')}`;
}

function leadOf(verdict: Judged): string {
  const { status, checks, score } = verdict;
  const unmet = checks.filter(({ verdict: found }) => found === 'fail' || found === 'inconclusive');
  if (score !== undefined) return scoreNote(verdict, score, unmet);
  if (status === 'not-applicable') return 'Not applicable.';
  // Only a criterion has levels.
  if (verdict.levels !== undefined) return `No score: nothing could be judged. To bring: ${toBring(unmet)}.`;
  if (unmet.length > 0) return `${unmet.map(describe).join('; ')}.`;
  // The first check of a gate or benchmark is the one that its text asks for.
  const passed = checks.filter(({ verdict: found }) => found === 'pass');
  return `${passed[0]?.seen ?? ''}${evidenceOf(passed.slice(0, 1))}.`;
}

function scoreNote({ checks, uncapped, missing, levels }: Judged, score: Score, unmet: readonly CheckResult[]): string {
  const title =
    levels?.find(({ level, met }) => level === (uncapped ?? score) && met)?.title ?? 'Not even the lowest level is met';
  const reached = sentence(title);
  if (missing === undefined) return `${reached} All ${String(checks.length)} checks are met${evidenceOf(checks)}.`;
  const held =
    uncapped === undefined
      ? ''
      : ` Capped at ${String(score)} instead of ${String(uncapped)} while a check is inconclusive: what could not be looked at may be broken.`;
  const blocking = unmet.filter(({ id }) => missing.checks.includes(id));
  return `${reached}${held} For ${String(missing.level)}: ${blocking.map(describe).join('; ')}.`;
}

/** What is missing, once for all checks that miss the same. */
function toBring(unmet: readonly CheckResult[]): string {
  const missing = Map.groupBy(unmet, ({ experiment, seen }) => `${experiment}: ${seen}`);
  return [...missing]
    .map(([what, checks]) => `${what} (for ${checks.map(({ title }) => title).join(', ')})`)
    .join('; ');
}

function describe(result: CheckResult): string {
  const kind = result.verdict === 'fail' ? 'failed' : 'inconclusive';
  return `${kind}: ${result.title} (expected ${result.expected}; seen ${result.seen})${evidenceOf([result])}`;
}

function evidenceOf(results: readonly CheckResult[]): string {
  const lines = results.flatMap((result) => result.evidence ?? []);
  if (lines.length === 0) return '';
  const more = lines.length > EVIDENCE_SHOWN ? ` and ${String(lines.length - EVIDENCE_SHOWN)} more` : '';
  return ` (see ${lines.slice(0, EVIDENCE_SHOWN).join(', ')}${more})`;
}

/** Says which checks were waived by the target's file, and which levels rest on waivers alone. */
function waived({ checks, levels }: Judged): string[] {
  const ids = new Set(checks.filter(({ verdict }) => verdict === 'not-applicable').map(({ id }) => id));
  if (ids.size === 0) return [];
  const empty = (levels ?? []).filter(({ checks: all }) => all.length > 0 && all.every((id) => ids.has(id)));
  const reasons = checks.filter(({ id }) => ids.has(id)).map(({ id, seen }) => `${id} (${seen})`);
  return [
    `Not applicable, by the target's file: ${reasons.join('; ')}.`,
    ...empty.map(({ level }) => `Nothing of level ${String(level)} applies, so nothing at that level was proven.`),
  ];
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
