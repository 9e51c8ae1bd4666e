import type { CheckResult, ItemVerdict } from './types.ts';

/** Lines of evidence that a note names at most; the rest stands in verdict.json. */
const EVIDENCE_SHOWN = 3;

/** One line for the evidence column: what was seen, or what failed or is missing, and where that stands in the history. */
export function noteOf(verdict: Pick<ItemVerdict, 'status' | 'checks' | 'score' | 'missing' | 'levels'>): string {
  return [leadOf(verdict), ...waived(verdict)].join(' ');
}

function leadOf({ status, checks, score, missing, levels }: Parameters<typeof noteOf>[0]): string {
  const unmet = checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  if (score !== undefined) {
    const reached =
      levels?.find(({ level, met }) => level === score && met)?.title ?? 'Not even the lowest level is met';
    if (missing === undefined)
      return `${sentence(reached)} All ${String(checks.length)} checks are met${evidenceOf(checks)}.`;
    const blocking = unmet.filter(({ id }) => missing.checks.includes(id));
    return `${sentence(reached)} For ${String(missing.level)}: ${blocking.map(describe).join('; ')}.`;
  }
  if (status === 'not-applicable') return 'Not applicable.';
  if (unmet.length > 0) return `${unmet.map(describe).join('; ')}.`;
  // The first check of a gate or benchmark is the one that its text asks for.
  const passed = checks.filter(({ verdict }) => verdict === 'pass');
  return `${passed[0]?.seen ?? ''}${evidenceOf(passed.slice(0, 1))}.`;
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
function waived({ checks, levels }: Parameters<typeof noteOf>[0]): string[] {
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
