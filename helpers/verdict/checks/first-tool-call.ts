import { z } from 'zod';
import { seconds } from '../../format.ts';
import type { History } from '../../history/history.ts';
import type { CallRecord } from '../../history/records.ts';
import { settles } from '../../history/settled.ts';
import { declarationIn } from '../declared-target.ts';
import { all, atMost, check, fail, inconclusive, ofFact, ofStep, pass, references } from '../finding.ts';
import { thresholds } from '../thresholds.ts';

/** Checks on the way from a clean namespace to the first tool call that was served. */
const experiment = 'first-tool-call';

export const servedWithinADay = check({
  id: 'first-call.served-within-a-day',
  title: 'The first tool call is served in under 1 day from the clean namespace',
  expected: `under ${String(thresholds.firstToolCall.value)} ms (24 h)`,
  experiment,
  reason: thresholds.firstToolCall.reason,
  evaluate: (history) => {
    const first = toolCalls(history).find(isServed);
    if (first === undefined) return inconclusive('no tool call was served, so there is no moment to measure to');
    return ofFact(history, 'total', z.object({ start: z.number(), end: z.number() }), ({ start, end }, evidence) => {
      const ms = end - start;
      if (ms <= 0 || first.end > end)
        return inconclusive('the recorded total does not reach to the end of the first served call');
      const seen = `${seconds(ms)} (${ms.toFixed(0)} ms) from the clean namespace to the first served tool call`;
      return ms < thresholds.firstToolCall.value ? pass(seen, evidence) : fail(seen, evidence);
    });
  },
});

export const served = check({
  id: 'first-call.served',
  title: 'A tool call is answered with the expected result',
  expected: 'a JSON-RPC result without isError that contains the text which the target declares',
  experiment,
  evaluate: (history) => {
    const calls = toolCalls(history);
    const first = calls.find(isServed);
    if (first !== undefined) {
      const refused = calls.indexOf(first);
      const attempts = refused === 0 ? '' : ` after ${String(refused)} calls that were not`;
      return pass(
        `${first.tool ?? 'the tool'} was served in ${milliseconds(first)}${attempts}`,
        history.reference(first),
      );
    }
    const last = calls.at(-1);
    if (last === undefined) return ofStep(history, 'first-call', () => inconclusive('no tools/call was recorded'));
    return fail(`${String(calls.length)} calls, none served; the last: ${outcomeOf(last)}`, history.reference(last));
  },
});

export const staysServed = check({
  id: 'first-call.stays-served',
  title: 'Every tool call after the first served one is served too',
  expected: 'at least one later call, and all of them served',
  experiment,
  evaluate: (history) => {
    const calls = toolCalls(history);
    const later = calls.slice(calls.findIndex(isServed) + 1);
    if (later.length === 0 || !calls.some(isServed)) return inconclusive('no call was made after a served one');
    const lost = later.filter((call) => !isServed(call));
    if (lost.length > 0) {
      return fail(
        `${String(lost.length)} of ${String(later.length)} not served: ${lost.map(outcomeOf).join(', ')}`,
        ...references(history, lost),
      );
    }
    // The first call pays for cold caches; the median of the later ones tells what a call costs from then on.
    const durations = later.map((call) => call.end - call.start).toSorted((a, b) => a - b);
    const median = durations[Math.floor(durations.length / 2)] ?? 0;
    return pass(`${String(later.length)} served, median ${median.toFixed(0)} ms`, ...references(history, later));
  },
});

export const everyStepDone = check({
  id: 'first-call.every-step-done',
  title: 'Every step to the first tool call is recorded and succeeded',
  expected: 'namespace, secrets, an installation for each release, endpoint, initialize, tools-list, first-call',
  experiment,
  evaluate: (history) => {
    const releases = declarationIn(history)?.releases;
    if (releases === undefined) return inconclusive('the history does not say which releases the target declares');
    const ids = [
      'namespace',
      'secrets',
      ...releases.map((release) => `install.${release}`),
      'endpoint',
      'initialize',
      'tools-list',
      'first-call',
    ];
    return all(
      ids.map((id) =>
        ofStep(history, id, (step, evidence) => pass(`${id} ${seconds(step.end - step.start)}`, evidence)),
      ),
      'no step is expected',
    );
  },
});

export const toolIsListed = check({
  id: 'first-call.tool-is-listed',
  title: 'The gateway lists the tool of the custom server',
  expected: 'the tool that the target declares is in tools/list',
  experiment,
  evaluate: (history) =>
    ofStep(history, 'tools-list', (step, evidence) => {
      const { tools, found } = z.object({ tools: z.number(), found: z.boolean() }).parse(step.detail);
      const seen = `${String(tools)} tools listed, ${found ? 'the declared one among them' : 'the declared one not among them'}`;
      return found ? pass(seen, evidence) : fail(seen, evidence);
    }),
});

export const namespaceWasClean = check({
  id: 'first-call.namespace-was-clean',
  title: 'The namespace was clean at the start',
  expected: `${String(thresholds.foreignObjects.value)} objects beyond the default ServiceAccount and the root CA ConfigMap`,
  experiment,
  reason: thresholds.foreignObjects.reason,
  evaluate: (history) =>
    ofFact(history, 'namespace.clean', z.object({ objects: z.array(z.string()) }), ({ objects }, evidence) =>
      atMost(thresholds.foreignObjects.value, 'other objects', objects, evidence),
    ),
});

export const podsWereReady = check({
  id: 'first-call.pods-were-ready',
  title: 'Every pod was ready, or its job complete, when the first served call was sent',
  expected: 'at least one pod, and none that is still starting',
  experiment,
  evaluate: (history) => {
    const first = toolCalls(history).find(isServed);
    if (first === undefined) return inconclusive('no tool call was served');
    const before = history.observations.filter(({ at }) => at <= first.start);
    const scheduled = before.filter(({ what }) => what === 'pod.scheduled');
    if (scheduled.length === 0) return inconclusive('no pod was seen being scheduled');
    const settled = before.filter((observation) => scheduled.some(({ object }) => settles(observation, object)));
    const starting = scheduled.filter(({ object }) => !settled.some((observation) => settles(observation, object)));
    const pods = new Set(scheduled.map(({ object }) => object));
    if (starting.length === 0)
      return pass(`${String(pods.size)} pods were ready or complete`, ...references(history, settled));
    const names = [...new Set(starting.map(({ object }) => object))];
    return fail(
      `${String(names.length)} of ${String(pods.size)} pods were not ready: ${names.join(', ')}`,
      ...references(history, starting),
    );
  },
});

export const deployedByHelmAlone = check({
  id: 'first-call.deployed-by-helm-alone',
  title: 'Everything in the namespace comes from Helm, apart from the declared Secrets',
  expected: 'at least one helm install, and no other write than those of the namespace and the Secrets',
  experiment,
  evaluate: (history) => {
    const byHelm = history.writes.filter(({ verb }) => verb.startsWith('helm '));
    if (byHelm.length === 0) return inconclusive('no write by Helm was recorded');
    const byHand = history.writes.filter(
      ({ verb, object }) => !verb.startsWith('helm ') && !/^(Namespace|Secret)\//.test(object),
    );
    if (byHand.length > 0) {
      return fail(
        `by other means: ${byHand.map(({ verb, object }) => `${verb} ${object}`).join(', ')}`,
        ...references(history, byHand),
      );
    }
    return pass(`${String(byHelm.length)} writes by Helm, none by other means`, ...references(history, byHelm));
  },
});

function toolCalls(history: History): CallRecord[] {
  return history.calls.filter(({ method }) => method === 'tools/call').toSorted((a, b) => a.start - b.start);
}

function isServed({ outcome }: CallRecord): boolean {
  return outcome === 'served';
}

function outcomeOf({ outcome, error }: CallRecord): string {
  return error === undefined ? outcome : `${outcome} (${error})`;
}

function milliseconds({ start, end }: CallRecord): string {
  return `${(end - start).toFixed(0)} ms`;
}
