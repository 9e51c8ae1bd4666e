import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { overallOf, statusAt } from '../../../../helpers/health/facts.ts';
import { readReport } from '../../../../helpers/health/report.ts';
import { podSpec } from '../../../../helpers/deliverables/container.ts';
import { cpuPeriodsIn } from '../../../../helpers/experiments/pitfalls/throttling.ts';
import { model } from '../target/model.ts';

const told = {
  status: 'degraded',
  uptime_seconds: 12.5,
  window_seconds: 10,
  checks: {
    model_loaded: { status: 'ok', message: 'the model is loaded' },
    memory_usage: { status: 'warning', usage_percent: 81.25, available_mb: 96 },
    cpu_usage: { status: 'ok', usage_percent: 5 },
    response_time: { status: 'no_data', avg_response_time_ms: null, requests: 0 },
    error_rate: { status: 'no_data', error_rate_percent: null, requests: 0 },
  },
};

test.describe('health of a replica', { tag: '@static' }, () => {
  test('should be read in the units of the declared limits', () => {
    expect(readReport(told)).toEqual({
      windowMs: 10_000,
      report: {
        overall: 'degraded',
        checks: {
          modelLoaded: { status: 'ok' },
          memory: { status: 'warning', value: 0.8125 },
          cpu: { status: 'ok', value: 0.05 },
          responseTimeMs: { status: 'no_data' },
          errorRate: { status: 'no_data' },
        },
      },
    });
  });

  test('should not be read from a report that lacks a check, and say which', () => {
    const { cpu_usage: _cpu, ...checks } = told.checks;
    expect(() => readReport({ ...told, checks })).toThrow(/cpu_usage/);
    expect(() => readReport({ status: 'ok', model_loaded: true })).toThrow(/not as the protocol has it/);
  });

  test('should be better below a limit than above it, and count a limit itself as kept', () => {
    const order = ['ok', 'warning', 'critical'];
    const limits = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }));
    fc.assert(
      fc.property(limits, fc.double({ min: 0, max: 3, noNaN: true }), ([warning, more], value) => {
        const between = { warning, critical: warning + more };
        const at = (one: number) => order.indexOf(statusAt(one, between));
        expect(at(value)).toBeLessThanOrEqual(at(value + 0.1));
        expect(statusAt(warning, between)).toBe('ok');
        expect(statusAt(between.critical, between)).toBe('warning');
      }),
    );
  });

  test('should be as bad as the worst of its checks, and no worse for what there is no sample of', () => {
    expect(overallOf(['ok', 'no_data'])).toBe('healthy');
    expect(overallOf(['ok', 'warning', 'no_data'])).toBe('degraded');
    expect(overallOf(['warning', 'critical'])).toBe('unhealthy');
  });

  test('should be judged by the server by the declared limits, where it reports its health', () => {
    const envOf = (paths: object) => {
      const declared = model({
        serving: { protocol: 'rest', model: 'model', ports: { http: 8000 }, paths },
        healthChecks: {
          liveness: { path: '/health', port: 'http' },
          readiness: { path: '/ready', port: 'http' },
          thresholds: { memory: { warning: 0.7, critical: 0.9 } },
        },
      });
      return podSpec(declared, declared.versions.stable, 'image:1').containers[0]?.env ?? [];
    };
    expect(envOf({ health: '/health/details' })).toEqual(
      expect.arrayContaining([
        { name: 'HEALTH_MEMORY_WARNING', value: '0.7' },
        { name: 'HEALTH_MEMORY_CRITICAL', value: '0.9' },
        { name: 'HEALTH_RESPONSE_TIME_MS_CRITICAL', value: '1000' },
        { name: 'HEALTH_ERROR_RATE_WARNING', value: '0.01' },
      ]),
    );
    expect(envOf({})).toEqual([]);
  });
});

test.describe('CPU periods of a container', { tag: '@static' }, () => {
  const where = { namespace: 'trial', pod: 'model-1', container: 'model-server' };
  const line = (metric: string, pod: string, value: string) =>
    `${metric}{container="model-server",id="/kubepods/burstable/pod1/2",image="",name="2",namespace="trial",pod="${pod}"} ${value}`;

  test('should be those of that container, with the moment of the count', () => {
    const text = [
      '# TYPE container_cpu_cfs_periods_total counter',
      line('container_cpu_cfs_periods_total', 'model-2', '7 1795255200001'),
      line('container_cpu_cfs_periods_total', 'model-1', '300 1795255200100'),
      line('container_cpu_cfs_throttled_periods_total', 'model-1', '12 1795255200090'),
    ].join('\n');
    expect(cpuPeriodsIn(text, where)).toEqual({ all: 300, throttled: 12, at: 1_795_255_200_090 });
  });

  test('should be unknown, not none, where the kubelet counts no throttling', () => {
    expect(cpuPeriodsIn(line('container_cpu_cfs_periods_total', 'model-1', '300 1'), where)).toBeUndefined();
    expect(cpuPeriodsIn('', where)).toBeUndefined();
  });
});
