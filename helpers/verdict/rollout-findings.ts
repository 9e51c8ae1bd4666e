import { seconds } from '../format.ts';
import type { History } from '../history/history.ts';
import { plansOutage } from '../planning/limits.ts';
import { planned } from '../planning/text.ts';
import { podsFact, validationFact } from '../rollout/facts.ts';
import { describeLatency, latencyOf } from '../traffic/analysis/latency.ts';
import { fail, inconclusive, ofFact, pass } from './finding.ts';
import { callsDuring, exposureOf } from './rollouts.ts';
import type { RolledOut } from './rollouts.ts';
import { thresholds } from './thresholds.ts';
import type { Finding } from './types.ts';
import type { Watched } from './watch.ts';

/** Whether every phase of the plan was carried out, and how long each took. */
export function completed({ outcome, phases, plan, evidence }: RolledOut): Finding {
  const done = phases.map(({ phase, step }) => `${phase.name} ${seconds(step.end - step.start)}`).join(', ');
  if (outcome.result === 'completed' && phases.length === plan.phases.length)
    return pass(`${done} (trial factor ${String(plan.trialFactor)})`, evidence);
  const why = outcome.turnedBack?.reason ?? 'not all phases were carried out';
  return fail(`${outcome.result} in phase ${String(outcome.phase ?? phases.length)}: ${why}; ${done}`, evidence);
}

/** The SLOs are part of the declaration, and so of the plan. */
export function latencyByPhase({ plan, phases, evidence }: RolledOut, { calls, change, until }: Watched): Finding {
  const limitOf = (metric: 'p95' | 'p99') =>
    Math.min(
      ...plan.phases.flatMap(({ expectations }) =>
        expectations.filter((limit) => limit.metric === metric).map(({ value }) => value),
      ),
      thresholds[metric === 'p95' ? 'modelP95' : 'modelP99'].value,
    );
  const [p95, p99] = [limitOf('p95'), limitOf('p99')];
  const spans = [
    { name: 'before', start: 0, end: change.start, waits: false },
    ...phases.map(({ phase, step: { start, end } }) => ({ name: phase.name, start, end, waits: plansOutage(phase) })),
    { name: 'after', start: change.end, end: until, waits: false },
  ].map((span) => ({ ...span, latency: latencyOf(callsDuring(calls, span)) }));
  const seen = spans.map(({ name, latency }) => `${name}: ${describeLatency(latency)}`).join('; ');
  // Who calls while an outage is planned waits for its end.
  const beyond = spans.filter(
    ({ latency, waits }) => !waits && ((latency.p95 ?? 0) >= p95 || (latency.p99 ?? 0) >= p99),
  );
  if (beyond.length > 0)
    return fail(`beyond the limits in ${beyond.map(({ name }) => name).join(', ')}. ${seen}`, evidence);
  if (spans.every(({ latency }) => latency.p99 === undefined))
    return inconclusive(`no phase has enough calls: ${seen}`);
  return pass(seen, evidence);
}

/** Whether a bad version was turned back by itself, how long users met it, and what they get since. */
export function turnedBack(rollout: RolledOut, { calls }: Watched, history: History): Finding {
  const { outcome, evidence, from, to, defect, plan } = rollout;
  const { turnedBack: turned } = outcome;
  const what = `${to} (${defect ?? 'bad'})`;
  if (turned === undefined || outcome.result !== 'rolled-back')
    return fail(
      `${what} was not turned back: ${outcome.result}${turned === undefined ? '' : ` (${turned.reason})`}`,
      evidence,
    );
  if (turned.by === 'operator')
    return inconclusive(`${what} was turned back by an operator, so nothing is known of the triggers`);
  return ofFact(history, 'pods.bad', podsFact, (pods) =>
    ofFact(history, 'validation.bad', validationFact, (validation) => {
      const exposure = exposureOf(calls, rollout);
      const times =
        exposure === undefined
          ? 'no user met it'
          : `live → last bad answer ${seconds(exposure.ms)}, noticed after ${seconds(exposure.detectedMs ?? 0)}`;
      const seen = `${what} turned back by ${turned.by}: ${turned.reason}; ${times}`;
      const left = pods.filter(({ version, ready }) => version !== from || !ready).map(({ name }) => name);
      const wrong = validation.filter(({ outcome: asked, version }) => asked !== 'served' || version !== from);
      if (left.length > 0 || pods.length === 0)
        return fail(`${seen}; pods that are not of ${from}, or not ready: ${left.join(', ')}`, evidence);
      if (wrong.length > 0)
        return fail(`${seen}; afterwards wrong: ${wrong.map(({ name }) => name).join(', ')}`, evidence);
      if ((exposure?.ms ?? 0) >= plan.rollback.limitMs)
        return fail(`${seen}: longer than ${planned(plan.rollback.limitMs)}`, evidence);
      return pass(seen, evidence);
    }),
  );
}
