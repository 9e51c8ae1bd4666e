import { percent } from '../../format.ts';
import { firstCallsFact, loadTestFact, startFact } from '../../health/pitfalls.ts';
import type { LoadTestFact } from '../../health/pitfalls.ts';
import type { History } from '../../history/history.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Finding } from '../types.ts';

/** Checks on what a model often fails on in production though all went well before. */
const experiment = 'model.pitfalls';

export const loadWithinLimits = check({
  id: 'pitfalls.load-within-limits',
  title: 'The declared resources suffice: a load test with one replica away stays within them',
  expected: `0 containers killed for their memory, no more than ${percent(thresholds.throttledPeriods.value)} of CPU periods throttled, memory below the warning of the declared health check, error rate and P95 within the SLO`,
  experiment,
  reason: thresholds.throttledPeriods.reason,
  evaluate: (history) =>
    whenStarted(history, () =>
      ofFact(history, 'pitfalls.load-test', loadTestFact, (test, evidence) => judge(test, evidence)),
    ),
});

export const warmWhenReady = check({
  id: 'pitfalls.warm-when-ready',
  title: 'No cold start: the first calls to a replica that says it is ready are served, and in time',
  expected: `the first ${String(thresholds.firstCalls.value)} calls served, the slowest of them within the P99 of the SLO`,
  experiment,
  reason: thresholds.firstCalls.reason,
  evaluate: (history) =>
    whenStarted(history, () =>
      ofFact(history, 'pitfalls.first-calls', firstCallsFact, ({ limitMs, calls }, evidence) => {
        const [first] = calls;
        if (first === undefined || calls.length < thresholds.firstCalls.value)
          return inconclusive(`only ${String(calls.length)} calls were made as soon as it was ready`);
        const lost = calls.filter(({ error }) => error !== undefined);
        const slowest = calls.reduce((most, { ms }) => Math.max(most, ms), 0);
        const seen = `first call ${first.ms.toFixed(0)} ms, slowest of ${String(calls.length)} ${slowest.toFixed(0)} ms, limit ${String(limitMs)} ms`;
        if (lost.length > 0)
          return fail(`${String(lost.length)} calls failed, e.g. ${lost[0]?.error ?? ''}; ${seen}`, evidence);
        return slowest < limitMs ? pass(seen, evidence) : fail(seen, evidence);
      }),
    ),
});

/** A replica that never started has shown already what it lacks. */
function whenStarted(history: History, find: () => Finding): Finding {
  return ofFact(history, 'pitfalls.start', startFact, ({ ready, version, oomKills, error }, evidence) => {
    if (ready) return find();
    if (oomKills > 0) return fail(`${version} was killed for its memory before it was ready`, evidence);
    return fail(`${version} did not get ready: ${error ?? 'no reason was recorded'}`, evidence);
  });
}

function judge(test: LoadTestFact, evidence: string): Finding {
  const { ratePerS, asked, p95Ms, cpuPeriods, slo, memoryWarning, usage } = test;
  const oomKills = usage.pods.reduce((sum, pod) => sum + pod.oomKills, 0);
  const restarts = usage.pods.reduce((sum, pod) => sum + pod.restarts, 0);
  const memory = usage.pods.map(({ memoryBytes }) => memoryBytes).find((bytes) => bytes !== undefined);
  const memoryShare = memory === undefined ? undefined : memory / usage.limits.memoryBytes;
  const throttled = cpuPeriods === undefined || cpuPeriods.all <= 0 ? undefined : cpuPeriods.throttled / cpuPeriods.all;
  const errorRate = asked.calls === 0 ? undefined : asked.failed / asked.calls;
  const told = (value: number | undefined, text: (value: number) => string) =>
    value === undefined ? 'not known' : text(value);
  const seen = [
    `${ratePerS.toFixed(0)} calls/s, ${String(asked.failed)} of ${String(asked.calls)} lost`,
    `P95 ${told(p95Ms, (ms) => `${ms.toFixed(0)} ms`)}`,
    `memory ${told(memoryShare, percent)} of the limit`,
    `CPU periods throttled ${told(throttled, percent)}`,
    `${String(oomKills)} OOM kills, ${String(restarts)} restarts`,
  ].join('; ');
  const beyond =
    oomKills > 0 ||
    restarts > 0 ||
    (throttled ?? 0) > thresholds.throttledPeriods.value ||
    (memoryShare ?? 0) > memoryWarning ||
    (errorRate ?? 0) >= slo.errorRate ||
    (p95Ms ?? 0) >= slo.p95Ms;
  if (beyond) return fail(seen, evidence);
  const unknown = [throttled, memoryShare, errorRate, p95Ms].some((value) => value === undefined);
  return unknown ? inconclusive(`not everything was measured: ${seen}`) : pass(seen, evidence);
}
