import { compareVersions } from '../../rollout/comparison.ts';
import { CANDIDATE } from '../../rollout/facts.ts';
import { exactInterval } from '../../statistics/proportions.ts';
import { sampleFloor } from '../../traffic/analysis/latency.ts';
import { countOf } from '../../traffic/analysis/calls.ts';
import type { Calls } from '../../traffic/analysis/calls.ts';
import { all, check, fail, inconclusive, pass } from '../finding.ts';
import { callsDuring, watchingRollout } from '../rollouts.ts';
import type { RolledOut } from '../rollouts.ts';
import { thresholds } from '../thresholds.ts';
import type { Finding } from '../types.ts';

/** Checks on shares of calls, for strategies that spread them by weights. @param name what people call the strategy. */
export function splitChecks(name: string, experiment: string) {
  const { splitSamples, splitConfidence, variantSignificance } = thresholds;
  return {
    split: check({
      id: `${experiment}.split`,
      title: `The new version gets the share of calls that ${name} plans`,
      expected: `the planned share within the exact interval at ${String(splitConfidence.value * 100)} %, of ${String(splitSamples.value)} calls or more in each phase that watches a split`,
      experiment,
      reason: splitSamples.reason,
      evaluate: (history) => watchingRollout(history, CANDIDATE, (rollout, { calls }) => splitOf(rollout, calls)),
    }),
    comparison: check({
      id: `${experiment}.comparison`,
      title: `${name} says which variant is better, and how sure that is`,
      expected: `the figures of both variants, ${String(sampleFloor(99))} calls or more behind each, and a significance by Fisher's exact test (p < ${String(variantSignificance.value)})`,
      experiment,
      reason: variantSignificance.reason,
      evaluate: (history) => watchingRollout(history, CANDIDATE, (rollout, { calls }) => comparisonOf(rollout, calls)),
    }),
    usersStay: check({
      id: `${experiment}.users-stay`,
      title: 'A user who has got a variant keeps it',
      expected: '0 users who met both variants while they were compared',
      experiment,
      reason: 'Who meets both variants says nothing about either.',
      evaluate: (history) => watchingRollout(history, CANDIDATE, (rollout, { calls }) => usersMoved(rollout, calls)),
    }),
  };
}

/** Phases that watch for a while with both versions on users. */
function splitPhases({ phases }: RolledOut): RolledOut['phases'] {
  return phases.filter(({ phase }) => phase.dwell && phase.candidateShare > 0 && phase.candidateShare < 100);
}

/** Users with a cookie are bound to a variant: only calls of those who come without one are spread by chance. */
function spread(calls: Calls): Calls {
  return calls.filter(({ path, servedBy }) => path !== 'session' && servedBy?.version !== undefined);
}

function splitOf(rollout: RolledOut, calls: Calls): Finding {
  const { splitSamples, splitConfidence } = thresholds;
  return all(
    splitPhases(rollout).map(({ phase, step }) => {
      const own = spread(callsDuring(calls, step));
      const hits = countOf(own, ({ servedBy }) => servedBy?.version === rollout.to);
      if (own.length < splitSamples.value)
        return inconclusive(`${phase.name}: ${String(own.length)} calls, not enough for a statement`);
      const { from, to } = exactInterval({ hits, of: own.length }, splitConfidence.value);
      const planned = phase.candidateShare / 100;
      const percent = (share: number) => (share * 100).toFixed(1);
      const seen = `${phase.name}: ${String(hits)} of ${String(own.length)} calls = ${percent(hits / own.length)} % (${percent(from)} to ${percent(to)} % at ${percent(splitConfidence.value)} %), ${percent(planned)} % planned`;
      return from <= planned && planned <= to ? pass(seen, rollout.evidence) : fail(seen, rollout.evidence);
    }),
    'no phase watched a split',
  );
}

function comparisonOf(rollout: RolledOut, calls: Calls): Finding {
  const [compared] = splitPhases(rollout);
  if (compared === undefined) return inconclusive('the variants were never compared');
  const during = callsDuring(calls, compared.step);
  const { stable, candidate, p, significant, better } = compareVersions(during, {
    stable: rollout.from,
    candidate: rollout.to,
  });
  const figures = [
    { version: rollout.from, ...stable },
    { version: rollout.to, ...candidate },
  ];
  const few = figures.filter(({ calls: count }) => count < sampleFloor(99));
  if (few.length > 0)
    return inconclusive(
      `not enough calls: ${few.map(({ version, calls: count }) => `${version} ${String(count)}`).join(', ')}`,
    );
  const told = figures.map(
    ({ version, calls: count, lost, averageMs, latency }) =>
      `${version}: ${String(lost)} of ${String(count)} calls lost, ${averageMs?.toFixed(1) ?? '?'} ms on average, P95 ${latency.p95?.toFixed(1) ?? '?'} ms`,
  );
  const statement = significant
    ? `the ${better} one loses fewer (p = ${p.toExponential(1)})`
    : `no significant difference (p = ${p.toFixed(3)}): the one that serves stays`;
  const seen = `${told.join('; ')}; ${statement}`;
  // Users went where the comparison says: else it was for nothing.
  const expected = better === 'candidate' ? rollout.to : rollout.from;
  const after = calls.filter(
    ({ start, path }) => path !== 'control' && start > (rollout.phases.at(-1)?.step.end ?? Infinity),
  );
  const other = after.find(({ servedBy }) => servedBy?.version !== undefined && servedBy.version !== expected);
  return other === undefined
    ? pass(seen, rollout.evidence)
    : fail(`${seen}; yet users got ${other.servedBy?.version ?? ''}`, rollout.evidence);
}

function usersMoved(rollout: RolledOut, calls: Calls): Finding {
  const [compared] = splitPhases(rollout);
  const own = compared === undefined ? [] : callsDuring(calls, compared.step).filter(({ path }) => path === 'session');
  const met = new Map<number | undefined, { calls: number; versions: Set<string> }>();
  for (const { session, servedBy } of own) {
    const user = met.get(session) ?? { calls: 0, versions: new Set() };
    met.set(session, user);
    user.calls++;
    if (servedBy?.version !== undefined) user.versions.add(servedBy.version);
  }
  const users = [...met.values()].filter((user) => user.calls > 1);
  if (users.length === 0) return inconclusive('no user called twice while the variants were compared');
  const moved = users.filter(({ versions }) => versions.size > 1).length;
  const seen = `${String(moved)} of ${String(users.length)} users met both variants`;
  return moved === 0 ? pass(seen, rollout.evidence) : fail(seen, rollout.evidence);
}
