import { seconds } from '../../format.ts';
import type { History } from '../../history/history.ts';
import { alertNames, podNotReady } from '../../monitoring/rules.ts';
import { causeFact, dashboardFact, promtoolFact, quietFact } from '../../rollout/alert-facts.ts';
import { atMost, check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import type { Check, Finding } from '../types.ts';
import type { z } from 'zod';

/** Checks on the alerts of a model: that there are the right ones, that they fire and resolve, and that somebody gets them. */
const experiment = 'model.alerts';

/** As `ofFact`; where the experiment could not begin, the finding says why. */
function ofAlerts<T>(
  history: History,
  name: string,
  schema: z.ZodType<T>,
  find: (value: T, evidence: string) => Finding,
): Finding {
  const unreachable = history.fact('alerts.unreachable');
  if (typeof unreachable === 'string') return inconclusive(unreachable);
  return ofFact(history, `alerts.${name}`, schema, find);
}

const rules = check({
  id: `${experiment}.rules`,
  title: 'The alert rules are right: promtool checks them, and tests each at its limit and beyond',
  expected: 'promtool ends with 0 for the rules that are delivered and for those of the trial',
  experiment,
  evaluate: (history) =>
    ofAlerts(history, 'promtool', promtoolFact, (runs, evidence) => {
      if (runs.length === 0) return inconclusive('promtool was not run');
      const failed = runs.filter(({ exitCode }) => exitCode !== 0);
      return failed.length === 0
        ? pass(`${String(runs.length)} runs of promtool ended with 0`, evidence)
        : fail(failed.map(({ what, output }) => `${what}: ${output.trim()}`).join('; '), evidence);
    }),
});

const quiet = check({
  id: `${experiment}.quiet`,
  title: 'No alert fires while traffic is on a healthy model',
  expected: '0 alerts firing over a window of the rules and the time that they wait, with requests seen by Prometheus',
  experiment,
  evaluate: (history) =>
    ofAlerts(history, 'quiet', quietFact, ({ watchedMs, requestRate, firing }, evidence) => {
      if (requestRate <= 0) return inconclusive('Prometheus saw no request, so a rule had nothing to be quiet about');
      const noun = `alerts firing over ${seconds(watchedMs)} at ${requestRate.toFixed(0)} requests/s`;
      return atMost(0, noun, firing, evidence);
    }),
});

const dashboard = check({
  id: `${experiment}.dashboard`,
  title: 'Every panel of the dashboard shows something',
  expected: 'every query of the dashboard answered by the Prometheus that runs, each with a number in it',
  experiment,
  evaluate: (history) =>
    ofAlerts(history, 'dashboard', dashboardFact, (queries, evidence) => {
      if (queries.length === 0) return inconclusive('the dashboard has no query');
      const empty = queries.filter(({ samples }) => samples === 0);
      return atMost(
        0,
        `of ${String(queries.length)} queries without samples`,
        empty.map(({ panel, expr, error }) => `${panel}: ${error ?? expr}`),
        evidence,
      );
    }),
});

const slack = check({
  id: `${experiment}.slack`,
  title: 'Alerts come into the chat as well, in the format of its incoming webhook',
  expected: 'a message in the format of Slack for the first cause, and none that a receiver would refuse',
  experiment,
  evaluate: (history) =>
    ofAlerts(history, 'failing', causeFact, ({ slackMessages, problems }, evidence) => {
      const seen = `${String(slackMessages)} messages${problems.length === 0 ? '' : `; refused: ${problems.join(', ')}`}`;
      return slackMessages > 0 && problems.length === 0 ? pass(seen, evidence) : fail(seen, evidence);
    }),
});

/** What the verdict rests on, besides the server's own metrics. */
const STATES_OF_PODS =
  "States of pods come from the suite's own exporter, which reads them from the API server and tells them under the names of kube-state-metrics.";

/** A cause of `causes.ts`, and what it has to raise. */
function raises(cause: string, what: string, ...alerts: string[]): Check {
  return check({
    id: `${experiment}.${cause}`,
    title: `An alert tells of ${what}, and that it is over`,
    expected: `${alerts.join(' and ')} delivered to a webhook as firing, and as resolved once the cause is gone`,
    experiment,
    reason: STATES_OF_PODS,
    evaluate: (history) =>
      ofAlerts(history, cause, causeFact, ({ expected, others }, evidence) => {
        const missing = alerts.filter((name) => !expected.some(({ alert }) => alert === name));
        if (missing.length > 0) return inconclusive(`${missing.join(', ')} was not waited for`);
        const told = expected.map(({ alert, firedAfterMs, resolvedAfterMs }) => {
          const moment = (ms: number | undefined) => (ms === undefined ? 'never' : `after ${seconds(ms)}`);
          return `${alert} fired ${moment(firedAfterMs)}, resolved ${moment(resolvedAfterMs)}`;
        });
        const seen = `${told.join('; ')}${others.length === 0 ? '' : `; besides: ${others.join(', ')}`}`;
        const whole = expected.every(
          ({ firedAfterMs, resolvedAfterMs }) => firedAfterMs !== undefined && resolvedAfterMs !== undefined,
        );
        return whole ? pass(seen, evidence) : fail(seen, evidence);
      }),
  });
}

/** Every check of this kind. */
export const everyCheck: readonly Check[] = [
  rules,
  quiet,
  raises('failing', 'requests that fail', alertNames['error-rate']),
  raises('slow', 'answers that come late', alertNames['average-latency'], alertNames.p95),
  raises('leaking', 'a container that was out of memory', alertNames['oom-kills']),
  raises('never-ready', 'a pod that does not get ready', podNotReady),
  raises('scaled-to-nothing', 'a model that is not there', alertNames.availability),
  slack,
  dashboard,
];
