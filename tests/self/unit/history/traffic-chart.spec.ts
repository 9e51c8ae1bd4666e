import { expect, test } from '@playwright/test';
import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { renderTrafficChart } from '../../../../reports/traffic-chart.ts';
import { trafficChartOf } from '../../../../reports/traffic/model.ts';

test.describe('the drawing of the traffic', { tag: '@static' }, () => {
  test('should say in words what it shows', () => {
    const calls = [...steady(0, 400), ...steady(400, 410, { outcome: 'network-error' }), ...steady(410, 800)];
    const svg = renderTrafficChart(historyOf(calls)) ?? '';
    expect(svg).toMatch(/^<svg role="img" aria-labelledby="title desc"/);
    expect(svg).toContain('config.add-tool on contextforge: calls over time');
    expect(svg).toContain('new-connection: 10 of 800 calls lost');
    expect(svg).toContain('outages of 50 ms');
  });

  test('should tell who answered in which version, and the moments of the change', () => {
    const by = (gateway: string) => ({ servedBy: { gateway } });
    const calls = [
      ...steady(0, 400, by('gateway-5ff4bc89bd-b4krb; config=one')),
      ...steady(400, 800, by('gateway-77d69b76bc-xq8b8; config=two')),
      ...steady(800, 810, { ...by('gateway-none'), outcome: 'http-error' }),
    ];
    const { servers, moments, text } = trafficChartOf(historyOf(calls)) ?? {};
    expect(servers?.map(({ label, answers }) => [label, answers.length])).toEqual([
      ['5ff4bc89bd-b4krb one', 400],
      ['77d69b76bc-xq8b8 two', 400],
    ]);
    expect(moments?.map(({ text: said }) => said)).toEqual([
      'commit.gateway',
      'last old pod answers · first new pod answers',
      'xq8b8 ready',
    ]);
    expect(text).toContain('- answered by gateway-5ff4bc89bd-b4krb; config=one: 400 calls, from -1.0 s to 1.0 s');
    expect(text).toContain('- at 1.5 s: xq8b8 ready');
    const svg = renderTrafficChart(historyOf(calls)) ?? '';
    expect(svg).toContain('>5ff4bc89bd-b4krb one</text>');
    expect(svg).toContain('>commit.gateway</text>');
  });

  test('should tell no handover where no pod was replaced', () => {
    const calls = steady(0, 800, { servedBy: { pod: 'model-a', version: '1.0' } });
    const { moments, servers } = trafficChartOf(historyOf(calls)) ?? {};
    expect(servers?.map(({ name }) => name)).toEqual(['model-a; 1.0']);
    expect(moments?.map(({ text: said }) => said)).toEqual(['commit.gateway', 'xq8b8 ready']);
  });

  test('should say in the drawing how long an outage was', () => {
    const calls = [...steady(0, 400), ...steady(400, 410, { outcome: 'network-error' }), ...steady(410, 800)];
    expect(renderTrafficChart(historyOf(calls))).toContain('>50 ms</text>');
  });

  test('should carry the colours of light and dark surroundings, and no stand-in', () => {
    const svg = renderTrafficChart(historyOf(steady(0, 50))) ?? '';
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/#0[1-9]0[1-9]0[1-9]|rgb\([1-9],[1-9],[1-9]\)/);
  });

  test('should not take the names of others for markup', () => {
    const svg = renderTrafficChart(historyOf(steady(0, 5), '<script>alert(1)</script>')) ?? '';
    expect(svg).not.toContain('<script>');
  });

  test('should stay small however many calls there were, and tell of all of them', () => {
    const many = historyOf(steady(0, 25_000, { servedBy: { pod: 'model-a' } }));
    const chart = trafficChartOf(many);
    expect(chart?.served['new-connection']).toHaveLength(8_334);
    expect(chart?.text).toContain('new-connection: 0 of 25000 calls lost');
    expect(chart?.text).toContain('answered by model-a: 25000 calls');
    expect(renderTrafficChart(many)?.length).toBeLessThan(5_000_000);
  });

  test('should not be drawn where there was no traffic', () => {
    expect(renderTrafficChart(historyOf([]))).toBeUndefined();
  });
});

/** A call every 5 ms, as many as lie between the indices. */
function steady(from: number, to: number, facts: Partial<TrafficCall> = {}): TrafficCall[] {
  return Array.from({ length: to - from }, (_, index) => {
    const start = 1_000_000 + (from + index) * 5;
    const id = String(from + index);
    return {
      type: 'call',
      id,
      path: 'new-connection',
      method: 'tools/call',
      due: start,
      start,
      end: start + 2,
      outcome: 'served',
      ...facts,
    };
  });
}

function historyOf(calls: TrafficCall[], target = 'contextforge'): History {
  const records: HistoryRecord[] = [
    { type: 'begin', at: 1_000_000, experiment: 'config.add-tool', target, run: 'x' },
    { type: 'step', id: 'traffic.baseline', title: 'before', start: 1_000_000, end: 1_001_000, ok: true },
    { type: 'step', id: 'commit.gateway', title: 'the commit', start: 1_001_000, end: 1_001_500, ok: true },
    { type: 'observation', at: 1_002_500, what: 'pod.ready', object: 'Pod/gateway-77d69b76bc-xq8b8' },
    { type: 'step', id: 'change', title: 'the change', start: 1_001_000, end: 1_003_000, ok: true },
    { type: 'end', at: 1_010_000, status: 'completed' },
  ];
  return new History(records, () => calls);
}
