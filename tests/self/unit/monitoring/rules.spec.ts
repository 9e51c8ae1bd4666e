import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { dashboard, dashboardPanels } from '../../../../helpers/monitoring/dashboard.ts';
import { podPattern } from '../../../../helpers/monitoring/metrics.ts';
import { podStateMetrics } from '../../../../helpers/monitoring/pod-state.ts';
import { alertRules, alertRulesYaml, productionTiming, trialTiming } from '../../../../helpers/monitoring/rules.ts';
import type { AlertRule } from '../../../../helpers/monitoring/rules.ts';
import { alertRuleTests } from '../../../../helpers/monitoring/rule-tests.ts';
import { rollbackTriggers } from '../../../../helpers/planning/limits.ts';
import type { Pod } from '../../../../helpers/kubernetes/resources.ts';
import { model } from '../target/model.ts';

const of = (rules: readonly AlertRule[], name: string) => rules.find(({ alert }) => alert === name);

test.describe('Alert rules of a model', { tag: '@static' }, () => {
  test('should have one for each rollback trigger, with its limit, and one for pods', () => {
    const rules = alertRules(model());
    expect(rules).toHaveLength(rollbackTriggers(model()).length + 1);
    expect(of(rules, 'ModelErrorRateHigh')?.expr).toMatch(/> 0\.05$/);
    expect(of(rules, 'ModelP95LatencyHigh')?.expr).toMatch(/^histogram_quantile\(0\.95,.*> 1$/);
    expect(of(rules, 'ModelAvailabilityLow')?.expr).toMatch(/< 0\.95$/);
    expect(of(rules, 'ModelOutOfMemory')?.expr).toMatch(/> 0$/);
    expect(of(alertRules(model({ rollbackThreshold: 0.02 })), 'ModelErrorRateHigh')?.expr).toMatch(/> 0\.02$/);
  });

  test('should differ in a trial by times alone', () => {
    const timeless = (text: string) => text.replaceAll(/\b\d+s\b/g, 'T');
    expect(timeless(alertRulesYaml(model(), trialTiming))).toBe(timeless(alertRulesYaml(model(), productionTiming)));
    expect(parse(alertRulesYaml(model()))).toMatchObject({ groups: [{ name: 'model.alerts' }] });
  });

  test('should not guess how other servers tell their figures', () => {
    const serving = { protocol: 'torchserve', model: 'm', ports: { http: 8080, management: 8081 } };
    expect(alertRules(model({ serving }))).toEqual([]);
    expect(dashboardPanels(model({ serving }))).toEqual([]);
  });

  test('should have a test in which it fires and one in which it does not, for each', () => {
    const { tests } = alertRuleTests(model(), trialTiming, 'rules.yml') as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: object[] }[] }[];
    };
    const cases = tests.flatMap(({ alert_rule_test: all }) => all);
    for (const { alert } of alertRules(model()))
      for (const fires of [0, 1])
        expect(cases.some(({ alertname, exp_alerts: due }) => alertname === alert && due.length === fires)).toBe(true);
  });

  test('should be about the pods of the model, and no other', () => {
    const pattern = new RegExp(`^(?:${podPattern('iris').replaceAll('\\\\', '\\')})$`);
    for (const name of ['iris-6c7d8f9b44-x2x7k', 'iris-canary-6c7d8f9b44-x2x7k', 'iris-blue-5d-abcde'])
      expect(pattern.test(name)).toBe(true);
    for (const name of [
      'iris-gateway-6c7d8f9b44-x2x7k',
      'other-iris-6c7-x2x7k',
      'iris-6c7d8f9b44',
      'prometheus-1-abcde',
    ])
      expect(pattern.test(name)).toBe(false);
  });

  test('should have a dashboard whose panels have queries and do not overlap', () => {
    const { panels } = dashboard(model()) as {
      panels: { gridPos: { x: number; y: number }; targets: { expr: string; refId: string }[] }[];
    };
    expect(panels.length).toBeGreaterThan(5);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${String(x)} ${String(y)}`)).size).toBe(panels.length);
    for (const { targets } of panels) expect(targets.every(({ expr }) => expr !== '')).toBe(true);
  });

  test('should be told of pods as kube-state-metrics tells of them', () => {
    const pod = {
      metadata: { namespace: 'trial', name: 'iris-1-abcde', uid: 'u' },
      status: {
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          { name: 'model-server', restartCount: 2, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
        ],
      },
    } as unknown as Pod;
    const text = podStateMetrics([pod]);
    const labels = 'namespace="trial",pod="iris-1-abcde",uid="u"';
    expect(text).toContain(`kube_pod_status_ready{${labels},condition="true"} 0\n`);
    expect(text).toContain(`kube_pod_container_status_restarts_total{${labels},container="model-server"} 2\n`);
    expect(text).toContain(
      `kube_pod_container_status_last_terminated_reason{${labels},container="model-server",reason="OOMKilled"} 1\n`,
    );
    expect(podStateMetrics([])).not.toContain('{');
  });
});
