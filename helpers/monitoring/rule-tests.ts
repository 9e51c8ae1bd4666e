import { stringify } from 'yaml';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { podStateJob } from './metrics.ts';
import { alertNames, alertRules, podNotReady } from './rules.ts';
import type { AlertTiming } from './rules.ts';

interface RuleTest {
  name: string;
  interval: string;
  input_series: { series: string; values: string }[];
  alert_rule_test: { eval_time: string; alertname: string; exp_alerts: object[] }[];
}

type Model = Pick<ModelDeclaration, 'name' | 'serving' | 'rollbackThreshold'>;

/** Requests a second in every test: each percent of them is a whole number a second. */
const RATE = 100;

/**
 * Tests of the rules for `promtool test rules`: each alert just beyond its limit, where it must fire, and at its limit, where it must not. Pure.
 * @param file of the rules, as promtool is to find it.
 */
export function alertRuleTests(model: Model, timing: AlertTiming, file: string): object {
  const pod = `${model.name}-6c7d8f9b44-x2x7k`;
  const handler = model.serving.paths.predict;
  const { window, hold } = timing;
  const every = Math.max(1, Math.floor(window / 10));
  // Until the window is full and the condition has held, twice over.
  const steps = Math.ceil((2 * (window + 2 * hold)) / every);
  const counter = (perSecond: number) => `0+${String(perSecond * every)}x${String(steps)}`;
  const constant = (value: number) => `${String(value)}x${String(steps)}`;
  const requests = (status: string, perSecond: number) => ({
    series: `http_requests_total{handler="${handler}",status="${status}",pod="${pod}"}`,
    values: counter(perSecond),
  });
  const rules = alertRules(model, timing);
  const test = (name: string, alertname: string, fires: boolean, series: RuleTest['input_series']): RuleTest => ({
    name,
    interval: `${String(every)}s`,
    input_series: [{ series: `up{job="${podStateJob}"}`, values: constant(1) }, ...series],
    alert_rule_test: [
      {
        eval_time: `${String(steps * every)}s`,
        alertname,
        exp_alerts: fires ? [expectation(rules, alertname, pod)] : [],
      },
    ],
  });
  /** All requests fall into the bucket up to `bound` seconds, each of them takes `seconds`. */
  const durations = (bound: string, seconds: number) => {
    const metric = 'http_request_duration_seconds';
    const labels = `handler="${handler}",pod="${pod}"`;
    const bounds = ['0.5', '1.0', '2.5', '+Inf'];
    return [
      ...bounds.map((le, index) => ({
        series: `${metric}_bucket{${labels},le="${le}"}`,
        values: counter(index >= bounds.indexOf(bound) ? RATE : 0),
      })),
      { series: `${metric}_sum{${labels}}`, values: counter(RATE * seconds) },
      { series: `${metric}_count{${labels}}`, values: counter(RATE) },
    ];
  };
  const ready = (values: string) => ({ series: `kube_pod_status_ready{condition="true",pod="${pod}"}`, values });
  const killed = (value: number) => ({
    series: `kube_pod_container_status_last_terminated_reason{reason="OOMKilled",pod="${pod}"}`,
    values: constant(value),
  });
  const share = model.rollbackThreshold * RATE;
  const errors = (failed: number) => [requests('200', RATE - failed), requests('500', failed)];
  const up = (downSteps: number) => `0x${String(downSteps - 1)} 1x${String(steps - downSteps)}`;
  return {
    rule_files: [file],
    evaluation_interval: `${String(every)}s`,
    tests: [
      test('errors beyond the limit', alertNames['error-rate'], true, errors(share + 1)),
      test('errors at the limit', alertNames['error-rate'], false, errors(share)),
      test('no errors, and no series of them', alertNames['error-rate'], false, [requests('200', RATE)]),
      test('average beyond the limit', alertNames['average-latency'], true, durations('2.5', 1.01)),
      test('average at the limit', alertNames['average-latency'], false, durations('1.0', 1)),
      test('P95 beyond the limit', alertNames.p95, true, durations('2.5', 1.01)),
      test('P95 at the limit', alertNames.p95, false, durations('1.0', 1)),
      test('no replica is left', alertNames.availability, true, []),
      test('ready all the time', alertNames.availability, false, [ready(constant(1))]),
      test('away long ago', alertNames.availability, false, [ready(up(2))]),
      test('killed for its memory', alertNames['oom-kills'], true, [killed(1)]),
      test('ended for another reason', alertNames['oom-kills'], false, [killed(0)]),
      test('a pod that is not ready', podNotReady, true, [ready(constant(0))]),
      test('a pod that is ready', podNotReady, false, [ready(constant(1))]),
    ],
  };
}

/** As YAML, for a file. */
export function alertRuleTestsYaml(model: Model, timing: AlertTiming, file: string): string {
  return stringify(alertRuleTests(model, timing, file), { lineWidth: 0, aliasDuplicateObjects: false });
}

function expectation(rules: ReturnType<typeof alertRules>, alertname: string, pod: string): object {
  const { labels = {}, annotations = {} } = rules.find(({ alert }) => alert === alertname) ?? {};
  if (alertname !== podNotReady) return { exp_labels: labels, exp_annotations: annotations };
  return {
    exp_labels: { ...labels, pod, condition: 'true' },
    exp_annotations: { summary: (annotations.summary ?? '').replace('{{ $labels.pod }}', pod) },
  };
}
