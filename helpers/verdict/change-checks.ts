import type { History } from '../history/history.ts';
import { changeTitles } from './changes.ts';
import type { ChangeExperimentId } from './changes.ts';
import { trafficChecks } from './checks/traffic.ts';
import { all, check, fail, inconclusive, ofFact, pass } from './finding.ts';
import { seconds } from '../format.ts';
import { ofChange, ofTwoFacts, recorded } from './recorded-changes.ts';
import type { PodEffect } from './recorded-changes.ts';
import { thresholds } from './thresholds.ts';
import type { Finding } from './types.ts';

/** The checks that every change is held to. */
export function changeChecks(experiment: ChangeExperimentId) {
  const what = changeTitles[experiment];
  return {
    made: check({
      id: `${experiment}.made`,
      title: `It is possible that ${what}`,
      expected: 'the change is made, and reported as done',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'change', recorded.change, ({ way }) =>
          ofChange(history, ({ start, end }, evidence) => pass(`by ${way}, in ${seconds(end - start)}`, evidence)),
        ),
    }),
    ...trafficChecks(experiment, what),
    noNeedlessRestart: check({
      id: `${experiment}.no-needless-restart`,
      title: `Nothing restarts needlessly when ${what}`,
      expected: 'a change that needs no new pods leaves all as they were, and no container of any other restarts',
      experiment,
      reason: thresholds.needlessRestarts.reason,
      evaluate: noNeedlessRestart,
    }),
  };
}

/** The checks on changes that show in what single pods serve. */
export function servedChecks(experiment: ChangeExperimentId) {
  const what = changeTitles[experiment];
  return {
    servedByEveryPod: check({
      id: `${experiment}.served-by-every-pod`,
      title: `The last pod serves it soon when ${what}`,
      expected: `every pod within ${seconds(thresholds.lastPod.value)} of the change being reported as done`,
      experiment,
      reason: thresholds.lastPod.reason,
      evaluate: servedByEveryPod,
    }),
    toolsCoherent: check({
      id: `${experiment}.tools-coherent`,
      title: `Every pod and every session is told of the same tools when ${what}`,
      expected: 'one list of tools',
      experiment,
      evaluate: toolsCoherent,
    }),
    nothingStale: check({
      id: `${experiment}.nothing-stale`,
      title: `No pod serves the old state in the end when ${what}`,
      expected: 'each pod has the same configuration, and none went back to the old one',
      experiment,
      reason: thresholds.stalePods.reason,
      evaluate: nothingStale,
    }),
  };
}

function noNeedlessRestart(history: History): Finding {
  return ofFact(history, 'change', recorded.change, ({ hot }) =>
    ofTwoFacts(history, ['pods.before', recorded.pods], ['pods.after', recorded.pods], (before, after, evidence) => {
      if (before.length === 0) return inconclusive('no pod ran before the change');
      const known = new Map(before.map((pod) => [pod.uid, pod]));
      const restarted = after.filter(({ uid, restarts }) => restarts > (known.get(uid)?.restarts ?? 0));
      const fresh = hot ? after.filter(({ uid }) => !known.has(uid)) : [];
      const needless = [
        ...restarted.map(({ name, restarts }) => `${name} restarted (${String(restarts)} times)`),
        ...fresh.map(({ name }) => `${name} is a new pod`),
      ];
      if (needless.length > thresholds.needlessRestarts.value) return fail(needless.join(', '), ...evidence);
      const seen = hot
        ? `${String(before.length)} pods as before`
        : `${String(after.length)} pods, no container of them restarted`;
      return pass(seen, ...evidence);
    }),
  );
}

/** A pod that was being stopped need not serve what is new. */
function staying(effect: readonly PodEffect[]): PodEffect[] {
  return effect.filter(({ leaving, gone }) => leaving === undefined && gone === undefined);
}

function servedByEveryPod(history: History): Finding {
  return ofChange(history, ({ start, end }) =>
    ofFact(history, 'effect', recorded.effect, (effect, evidence) => {
      const pods = staying(effect);
      if (pods.length === 0) return inconclusive('no serving pod was asked');
      const silent = pods.filter(({ answers }) => answers === 0);
      if (silent.length > 0)
        return inconclusive(
          silent.map(({ pod, failure = 'no reason' }) => `${pod} could not be asked: ${failure}`).join('; '),
        );
      const without = pods.filter(({ firstNew }) => firstNew === undefined);
      if (without.length > 0)
        return fail(
          `${String(without.length)} of ${String(pods.length)} pods never served it: ${names(without)}`,
          evidence,
        );
      const served = pods.toSorted((a, b) => (a.firstNew ?? 0) - (b.firstNew ?? 0));
      const late = served.filter(({ firstNew = 0 }) => firstNew - end > thresholds.lastPod.value);
      const after = served.map((pod) => `${pod.pod} ${moment(pod, start)}`).join(', ');
      const seen = `reported as done after ${seconds(end - start)}, served by ${after}`;
      return late.length === 0 ? pass(seen, evidence) : fail(seen, evidence);
    }),
  );
}

/** `after 0.31 s (±52 ms)`: the truth lies between the last answer with the old state and the first with the new. */
function moment({ lastOld, firstNew = 0 }: PodEffect, start: number): string {
  if (lastOld === undefined) return `at its first answer, ${((firstNew - start) / 1000).toFixed(2)} s after the start`;
  const error = (firstNew - lastOld) / 2;
  return `after ${((firstNew - error - start) / 1000).toFixed(2)} s (±${error.toFixed(0)} ms)`;
}

function names(pods: readonly { pod: string }[]): string {
  return pods.map(({ pod }) => pod).join(', ');
}

function toolsCoherent(history: History): Finding {
  return ofFact(history, 'served', recorded.served, (served, evidence) => {
    const [first] = served;
    if (first === undefined) return inconclusive('no pod told its tools');
    const others = served.filter(({ toolset }) => toolset !== first.toolset);
    if (others.length > 0)
      return fail([first, ...others].map(({ pod, tools }) => `${pod}: ${tools.join(', ')}`).join('; '), evidence);
    const sessions = lastToolsets(history);
    if (sessions.length === 0) return inconclusive('no standing session listed its tools');
    const stale = sessions.filter((toolset) => toolset !== first.toolset).length;
    const seen = `${String(served.length)} pods and ${String(sessions.length - stale)} of ${String(sessions.length)} sessions: ${first.tools.join(', ')}`;
    return stale === 0 ? pass(seen, evidence) : fail(seen, evidence);
  });
}

/** What each standing session was told last; one whose last call was lost tells nothing here, that is judged elsewhere. */
function lastToolsets(history: History): string[] {
  const last = new Map<number | undefined, { start: number; toolset: string }>();
  for (const { path, session, start, toolset } of history.traffic.calls) {
    if (path !== 'session' || toolset === undefined) continue;
    if (start >= (last.get(session)?.start ?? -Infinity)) last.set(session, { start, toolset });
  }
  return [...last.values()].map(({ toolset }) => toolset);
}

function nothingStale(history: History): Finding {
  return ofChange(history, () =>
    ofTwoFacts(history, ['effect', recorded.effect], ['served', recorded.served], (effect, served, evidence) =>
      all([noRelapse(effect, evidence), sameSections(served, evidence)], 'no pod was asked'),
    ),
  );
}

function noRelapse(effect: readonly PodEffect[], evidence: string[]): Finding {
  const pods = staying(effect);
  if (pods.length === 0) return inconclusive('no serving pod was asked');
  const stale = pods.filter(({ firstNew }) => firstNew === undefined);
  const back = pods.filter(({ relapses }) => relapses > 0);
  const found = [
    ...(stale.length === 0 ? [] : [`${names(stale)} still served the old state`]),
    ...back.map(({ pod, relapses }) => `${pod} went back to the old state ${String(relapses)} times`),
  ];
  return found.length === 0
    ? pass(`${String(pods.length)} pods stayed with the new state`, ...evidence)
    : fail(found.join('; '), ...evidence);
}

function sameSections(
  served: readonly { pod: string; sections: Record<string, string> }[],
  evidence: string[],
): Finding {
  const [first, ...others] = served;
  if (first === undefined) return inconclusive('no pod told its configuration');
  const sections = Object.keys(first.sections);
  if (sections.length === 0) return pass('its tools are all that a pod can be asked for', ...evidence);
  const differing = others.flatMap(({ pod, sections: own }) => {
    const parts = [...new Set([...sections, ...Object.keys(own)])].filter((name) => own[name] !== first.sections[name]);
    return parts.length === 0 ? [] : [`${pod} and ${first.pod} differ in ${parts.join(', ')}`];
  });
  if (differing.length > 0) return fail(differing.join('; '), ...evidence);
  return pass(
    `${String(served.length)} pods with the same ${String(sections.length)} parts of configuration`,
    ...evidence,
  );
}
