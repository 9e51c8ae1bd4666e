import { seconds } from '../../format.ts';
import type { History } from '../../history/history.ts';
import { planned, strategyName } from '../../planning/text.ts';
import { CANDIDATE, podsFact } from '../../rollout/facts.ts';
import { lengthOf, outageWindows } from '../../traffic/analysis/windows.ts';
import { argoStrategies } from '../../target/model/engines.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { Strategy } from '../../target/model/schema.ts';
import { strategies } from '../../target/model/schema.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { completed, latencyByPhase, turnedBack } from '../rollout-findings.ts';
import { callsDuring, ofRollout, sharesOf, versionsIn, watchingRollout } from '../rollouts.ts';
import type { RolledOut } from '../rollouts.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';
import { ofPath, whereSeen } from '../watch.ts';
import { analysed } from './argo-analysis.ts';
import { splitChecks } from './splits.ts';
import { trafficChecks } from './traffic.ts';

/** A strategy as one experiment carries it out, and what people call that. */
interface Tried {
  strategy: Strategy;
  experiment: string;
  name: string;
}

function tried(strategy: Strategy): Tried {
  return { strategy, experiment: `strategy.${strategy.replaceAll('_', '-')}`, name: strategyName(strategy) };
}

function triedByArgo(strategy: ArgoStrategy): Tried {
  const { experiment, name } = tried(strategy);
  return { strategy, experiment: `${experiment}.argo-rollouts`, name: `${name} by Argo Rollouts` };
}

function everyPod(history: History, strategy: Strategy, { from, to, replicas }: RolledOut): Finding {
  return ofFact(history, `pods.${CANDIDATE}`, podsFact, (pods, evidence) => {
    const wanted = stayed(history, strategy) ? from : to;
    const right = pods.filter(({ version, ready }) => version === wanted && ready);
    const seen = `${String(right.length)} of ${String(pods.length)} pods are ready and of version ${wanted}; ${String(replicas)} replicas are declared`;
    return right.length === pods.length && pods.length === replicas ? pass(seen, evidence) : fail(seen, evidence);
  });
}

/** The checks that the rollout of every strategy is held to. */
function commonChecks({ strategy, experiment, name }: Tried) {
  const { observerSaw, newConnections, keptConnections, noStall } = trafficChecks(
    experiment,
    `a version is brought in (${name})`,
    CANDIDATE,
  );
  return {
    completed: check({
      id: `${experiment}.completed`,
      title: `${name} brings the new version in, phase by phase as it is planned`,
      expected: 'every phase of the plan carried out, and the version still there at the end',
      experiment,
      evaluate: (history) => whereSeen(history, ofRollout(history, CANDIDATE, completed), CANDIDATE),
    }),
    everyPod: check({
      id: `${experiment}.every-pod`,
      title: `After ${name} all pods are of the version that was to stay, and ready`,
      expected: 'as many ready pods of that version as replicas are declared, and no other pod',
      experiment,
      evaluate: (history) =>
        whereSeen(
          history,
          ofRollout(history, CANDIDATE, (rollout) => everyPod(history, strategy, rollout)),
          CANDIDATE,
        ),
    }),
    latency: check({
      id: `${experiment}.latency`,
      title: `Latency stays within the SLOs before, in and after every phase of ${name}`,
      expected: 'P95 and P99 below what the target declares, wherever enough calls are behind them',
      experiment,
      reason: thresholds.modelP95.reason,
      evaluate: (history) => watchingRollout(history, CANDIDATE, latencyByPhase),
    }),
    turnedBack: check({
      id: `${experiment}.bad-version-turned-back`,
      title: `${name} turns a bad version back by itself, and users get the old one again`,
      expected: `rolled back without a person in less than ${planned(thresholds.modelRollback.value)}; afterwards all pods and answers are of the version before`,
      experiment,
      reason: thresholds.modelRollback.reason,
      evaluate: (history) =>
        watchingRollout(history, 'bad', (rollout, watched) => turnedBack(rollout, watched, history)),
    }),
    observerSaw,
    newConnections,
    keptConnections,
    noStall,
  };
}

/** Whether an A/B test left the version that served before, since the new one was not found better. */
function stayed(history: History, strategy: Strategy): boolean {
  return strategy === 'a_b_test' && history.fact(`promoted.${CANDIDATE}`) !== 'candidate';
}

/** What users notice of a recreation has to be shown, not hidden: an outage on both paths, no longer than it is planned. */
const outageIsShown = check({
  id: 'strategy.recreate.outage-is-shown',
  title: 'Recreate shows its outage: when it began, how long it took, how many calls it cost',
  expected: 'one outage that begins when the old version is stopped, no longer than the plan allows',
  experiment: tried('recreate').experiment,
  evaluate: (history) =>
    watchingRollout(history, CANDIDATE, ({ plan, evidence }, watched) => {
      const limit = Math.max(
        ...plan.phases.flatMap(({ expectations }) =>
          expectations.filter(({ metric }) => metric === 'outage').map(({ value }) => value),
        ),
      );
      const windows = (['new-connection', 'kept-alive'] as const).map((path) => ({
        path,
        windows: outageWindows(ofPath(watched, path), { from: watched.change.start, to: watched.until }),
      }));
      const seen = windows
        .map(
          ({ path, windows: own }) =>
            `${path}: ${own.map((window) => `${seconds(lengthOf(window))} (±${(window.error.start + window.error.end).toFixed(0)} ms, ${String(window.calls.length)} calls)`).join(', ') || 'none'}`,
        )
        .join('; ');
      const longest = Math.max(0, ...windows.flatMap(({ windows: own }) => own.map(lengthOf)));
      if (windows.some(({ windows: own }) => own.length === 0))
        return fail(`no outage was seen, though all pods were stopped: ${seen}`, evidence);
      return longest <= limit ? pass(seen, evidence) : fail(`${seen}: longer than ${planned(limit)}`, evidence);
    }),
});

/** Who served what, phase by phase: the candidate takes over, and the version before does not come back. */
function takesOver({ experiment, name }: Tried): Check {
  return check({
    id: `${experiment}.takes-over`,
    title: `Calls go from the old version to the new one as ${name} plans it`,
    expected: 'only the old version before, only the new one after the last phase, nobody else at any time',
    experiment,
    evaluate: (history) =>
      watchingRollout(history, CANDIDATE, ({ from, to, phases, evidence }, { calls, change }) => {
        const before = callsDuring(calls, { start: 0, end: change.start });
        const after = callsDuring(calls, { start: change.end, end: Infinity });
        const seen = [
          `before: ${sharesOf(before)}`,
          ...phases.map(({ phase, step }) => `${phase.name}: ${sharesOf(callsDuring(calls, step)) || 'no call'}`),
          `after: ${sharesOf(after) || 'no call'}`,
        ].join('; ');
        if (after.length === 0) return inconclusive(`no call was made after the last phase; ${seen}`);
        const strangers = versionsIn(calls).filter((version) => version !== from && version !== to);
        const clean = versionsIn(before).join() === from && versionsIn(after).join() === to;
        return clean && strangers.length === 0 ? pass(seen, evidence) : fail(seen, evidence);
      }),
  });
}

function checksOf(one: Tried): Check[] {
  const { strategy, experiment, name } = one;
  const { newConnections, keptConnections, noStall, ...common } = commonChecks(one);
  const base = { ...common, ...(strategy === 'a_b_test' ? {} : { takesOver: takesOver(one) }) };
  // Who calls while an outage is planned is lost or waits for its end; what comes after it is judged by the latency of the phases.
  if (strategy === 'recreate') return Object.values({ ...base, outageIsShown });
  const { split, comparison, usersStay } = splitChecks(name, experiment);
  return Object.values({
    ...base,
    noStall,
    newConnections,
    keptConnections,
    ...(strategy === 'canary' || strategy === 'a_b_test' ? { split } : {}),
    ...(strategy === 'a_b_test' ? { comparison, usersStay } : {}),
  });
}

/** The checks of each strategy; the first is the one that its row asks for. */
export const strategyChecks: Readonly<Record<Strategy, Check[]>> = Object.fromEntries(
  strategies.map((strategy) => [strategy, checksOf(tried(strategy))]),
) as Record<Strategy, Check[]>;

/** The same of those that Argo Rollouts carries out: what users notice of it does not depend on who does it. */
export const argoChecks: Readonly<Record<ArgoStrategy, Check[]>> = Object.fromEntries(
  argoStrategies.map((strategy) => {
    const one = triedByArgo(strategy);
    return [strategy, [...checksOf(one), analysed(one)]];
  }),
) as Record<ArgoStrategy, Check[]>;
