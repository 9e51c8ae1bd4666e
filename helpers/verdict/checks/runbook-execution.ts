import { z } from 'zod';
import type { History } from '../../history/history.ts';
import { seconds } from '../../format.ts';
import { all, atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { recoveryOf, troubleBefore } from '../recovery.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';
import { outcomesOf, watchedIn, whyBlind } from '../watch.ts';
import type { FailureFacts } from './runbook-facts.ts';

/** A failure that is tried in the experiment of its group. */
export interface TriedFailure extends FailureFacts {
  group: string;
}

/** Lines of the history that a finding names at most. */
const EVIDENCE = 5;

const promises = z.object({ file: z.string(), detectMs: z.number().optional(), recoverMs: z.number().optional() });

/** What the experiment found out; no runbook is `fail`; a failure that could not be made, or was made to a target that was not well, is `inconclusive`. */
function ofTrial(
  history: History,
  { id }: FailureFacts,
  find: (promised: z.infer<typeof promises>) => Finding,
): Finding {
  const unprepared = history.factRecord(`unprepared.${id}`);
  if (unprepared !== undefined)
    return fail(`no runbook is for ${id}, so nothing was tried`, history.reference(unprepared));
  const skipped = z
    .string()
    .optional()
    .parse(history.fact(`skipped.${id}`));
  if (skipped !== undefined) return inconclusive(`the failure was not made: ${skipped}`);
  const made = history.step(`inject.${id}`);
  const { calls } = history.traffic;
  const trouble = made === undefined || calls.length === 0 ? undefined : troubleBefore(calls, made.start);
  if (trouble !== undefined) return inconclusive(`the target was not well: ${trouble}`);
  return ofFact(history, `promised.${id}`, promises, find);
}

export function works({ id, title, group }: TriedFailure): Check {
  const role = (history: History, step: 'remedy' | 'verify', file: string) =>
    ofStep(history, `${step}.${id}`, ({ start, end, detail }, evidence) => {
      const { blocks } = z.object({ blocks: z.number() }).parse(detail);
      if (blocks === 0) return fail(`${file} has no block tagged ${step}`, evidence);
      return pass(`${step} in ${seconds(end - start)}`, evidence);
    });
  return check({
    id: `runbooks.${id}.works`,
    title: `The runbook works when ${title}`,
    expected: 'its remedy blocks and then its verify blocks end with exit code 0',
    experiment: `failures.${group}`,
    evaluate: (history) =>
      ofTrial(history, { id, title }, ({ file }) => {
        const remedy = role(history, 'remedy', file);
        // What was not remedied was not verified: the remedy's own finding says it all.
        return remedy.verdict === 'pass' ? all([remedy, role(history, 'verify', file)], 'nothing was run') : remedy;
      }),
  });
}

export function isRestored({ id, title, group }: TriedFailure): Check {
  return check({
    id: `runbooks.${id}.restored`,
    title: `The target is as before once the runbook was followed when ${title}`,
    expected: `${String(thresholds.failureTraces.value)} differences in configuration, Secrets, workloads and releases`,
    experiment: `failures.${group}`,
    reason: thresholds.failureTraces.reason,
    evaluate: (history) =>
      ofTrial(history, { id, title }, () =>
        ofFact(history, `restored.${id}`, z.object({ differences: z.array(z.string()) }), ({ differences }, evidence) =>
          atMost(thresholds.failureTraces.value, 'differences', differences, evidence),
        ),
      ),
  });
}

export function isDetected({ id, title, group }: TriedFailure): Check {
  const { value, reason } = thresholds.failureDetected;
  return check({
    id: `runbooks.${id}.detected`,
    title: `The symptom can be seen in time when ${title}`,
    expected: `within what the runbook promises, at most ${seconds(value)}, and not before the failure`,
    experiment: `failures.${group}`,
    reason,
    evaluate: (history) =>
      ofTrial(history, { id, title }, ({ detectMs }) =>
        ofStep(history, `before.${id}`, ({ detail }, early) => {
          const { symptom } = z.object({ symptom: z.boolean() }).parse(detail);
          if (symptom) return fail('the detect block says yes while nothing is wrong', early);
          const made = history.step(`inject.${id}`);
          if (made === undefined) return inconclusive(`the step inject.${id} was not recorded`);
          return ofStep(history, `detect.${id}`, (step, evidence) => {
            const took = step.end - made.start;
            const limit = Math.min(detectMs ?? value, value);
            const { by, sign } = z.object({ by: z.string(), sign: z.string().optional() }).parse(step.detail);
            const seen = `seen by ${by}${sign === undefined ? '' : ` (${sign})`} ${seconds(took)} after the failure was made, limit ${seconds(limit)}`;
            return took <= limit ? pass(seen, evidence) : fail(seen, evidence);
          });
        }),
      ),
  });
}

export function isRecovered({ id, title, group }: TriedFailure): Check {
  const { value, reason } = thresholds.failureRecovered;
  return check({
    id: `runbooks.${id}.recovered`,
    title: `Clients are served again in time when ${title}`,
    expected: `no call fails any more within what the runbook promises, at most ${seconds(value)}, from the beginning of the remedy`,
    experiment: `failures.${group}`,
    reason,
    evaluate: (history) =>
      ofTrial(history, { id, title }, ({ recoverMs }) => recovered(history, id, Math.min(recoverMs ?? value, value))),
  });
}

function recovered(history: History, id: string, limit: number): Finding {
  const [made, remedy, calm] = ['inject', 'remedy', 'calm'].map((name) => history.step(`${name}.${id}`));
  if (made === undefined || remedy === undefined || calm === undefined)
    return inconclusive(`the steps inject.${id}, remedy.${id} and calm.${id} were not all recorded`);
  const watched = watchedIn(history);
  if ('missing' in watched) return inconclusive(watched.missing);
  const blind = whyBlind(watched.sight);
  if (blind !== undefined) return inconclusive(blind);
  const {
    lost,
    calls: own,
    recoveredAt,
    goodAfter,
    ...rest
  } = recoveryOf(history.traffic.calls, { from: made.start, to: calm.end });
  const damage = `${String(lost.length)} of ${String(own.length)} calls lost${lost.length === 0 ? '' : ` (${outcomesOf(lost)})`}, longest outage ${seconds(rest.longestOutageMs)}, ${String(rest.sessionCallsLost)} calls of sessions lost`;
  const evidence = (lost.length > 0 ? lost : goodAfter).slice(-EVIDENCE).map((call) => history.trafficReference(call));
  if (own.length === 0) return inconclusive('no call was made while the failure lasted');
  if (recoveredAt === undefined || goodAfter.length < thresholds.goodCallsAfter.value)
    return fail(`calls still failed at the end; ${damage}`, ...evidence);
  const took = Math.max(0, recoveredAt - remedy.start);
  const seen = `over ${seconds(recoveredAt - made.start)} after the failure was made, ${seconds(took)} after the remedy began, limit ${seconds(limit)}; ${damage}`;
  return took <= limit ? pass(seen, ...evidence) : fail(seen, ...evidence);
}
