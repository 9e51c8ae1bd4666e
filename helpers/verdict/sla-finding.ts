import { judged, outsideSla, pilotTickets, withoutSeverity } from '../support/tickets/judge.ts';
import type { Judged, Limited, Terms } from '../support/tickets/judge.ts';
import { duration, percentiles, quantile, some } from '../support/words.ts';
import { fail, inconclusive, pass } from './finding.ts';
import type { Finding, Verdict } from './types.ts';

/** Tickets that a finding names at most. */
const NAMED = 3;

/** Holds the tickets of the pilot against one kind of time limit of the SLA. */
export function withinSla(limited: Limited, terms: Terms): Finding {
  const all = judged(limited, terms);
  const ended = all.filter(({ outcome }) => outcome !== 'open');
  const unclassified = withoutSeverity(terms);
  if (ended.length === 0) return inconclusive(`no ticket to judge${leftOut(all, terms)}`);

  const groups = terms.sla
    .map(({ name }) => ended.filter(({ severity }) => severity.name === name))
    .filter((group) => group.length > 0);
  const verdicts = groups.map(verdictOf);
  const seen = [summary(ended), ...groups.map(describe), worst(ended)].join('; ') + leftOut(all, terms);
  if (verdicts.includes('fail')) return fail(seen);
  return verdicts.includes('inconclusive') || unclassified.length > 0 ? inconclusive(seen) : pass(seen);
}

/** Whatever the tickets that cannot be judged were like: `pass` when the promised share is kept even if they all broke the limit, `fail` when it is broken even if none did. */
function verdictOf(group: readonly Judged[]): Verdict {
  const promised = (group[0]?.severity.attainmentPercent ?? 100) / 100;
  const count = (outcome: Judged['outcome']) => group.filter((one) => one.outcome === outcome).length;
  if ((count('kept') + count('unknown')) / group.length < promised) return 'fail';
  return count('kept') / group.length >= promised ? 'pass' : 'inconclusive';
}

function summary(ended: readonly Judged[]): string {
  const used = ended.flatMap(({ elapsed, limit }) => (elapsed === undefined ? [] : [elapsed / limit]));
  const kept = ended.filter(({ outcome }) => outcome === 'kept').length;
  const percent = percentiles(used, (share) => `${Math.round(share * 100)} %`);
  return `${kept} of ${ended.length} tickets within their time limit (of the limit used, n=${used.length}: ${percent})`;
}

function describe(group: readonly Judged[]): string {
  const [{ severity, limit } = { severity: { name: '' }, limit: 0 }] = group;
  const times = group.flatMap(({ elapsed }) => (elapsed === undefined ? [] : [elapsed]));
  const kept = group.filter(({ outcome }) => outcome === 'kept').length;
  const unknown = group.filter(({ outcome }) => outcome === 'unknown');
  return [
    `${severity.name} ${kept} of ${group.length} within ${duration(limit)}`,
    ...(times.length === 0 ? [] : [`median ${duration(quantile(times, 0.5) ?? 0)}`]),
    ...(unknown.length === 0 ? [] : [`not known of ${some(idsOf(unknown), NAMED)}`]),
  ].join(', ');
}

/** The tickets that took most of their limit; those that broke it first. */
function worst(ended: readonly Judged[]): string {
  const ranked = ended
    .flatMap((one) => (one.elapsed === undefined ? [] : [{ ...one, elapsed: one.elapsed }]))
    .toSorted((a, b) => b.elapsed / b.limit - a.elapsed / a.limit);
  if (ranked.length === 0) return 'none of them can be judged';
  const names = ranked
    .slice(0, NAMED)
    .map(
      ({ ticket, severity, elapsed, limit }) =>
        `${ticket.id} (${severity.name}, ${duration(elapsed)} of ${duration(limit)})`,
    );
  return `worst: ${names.join(', ')}`;
}

/** What was not held against a limit, so that nothing is left out in silence. */
function leftOut(all: readonly Judged[], terms: Terms): string {
  const outside = terms.tickets.tickets.length - pilotTickets(terms).length;
  const open = all.filter(({ outcome }) => outcome === 'open').length;
  const unclassified = withoutSeverity(terms);
  const parts = [
    ...(open === 0 ? [] : [`${open} still open within their limit`]),
    ...(outside === 0 ? [] : [`${outside} from outside the pilot`]),
    ...(outsideSla(terms).length === 0 ? [] : [`${outsideSla(terms).length} outside the SLA`]),
    ...(unclassified.length === 0
      ? []
      : [
          `without a severity: ${some(
            unclassified.map(({ id }) => id),
            NAMED,
          )}`,
        ]),
  ];
  return parts.length === 0 ? '' : `; not judged: ${parts.join(', ')}`;
}

function idsOf(group: readonly Judged[]): string[] {
  return group.map(({ ticket }) => ticket.id);
}
