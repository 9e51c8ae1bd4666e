import { expect, test } from '@playwright/test';
import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { renderTrafficChart } from '../../../../reports/traffic-chart.ts';

test.describe('the drawing of the traffic', { tag: '@static' }, () => {
  test('should say in words what it shows', () => {
    const calls = [...steady(0, 400), ...steady(400, 410, { outcome: 'network-error' }), ...steady(410, 800)];
    const svg = renderTrafficChart(historyOf(calls)) ?? '';
    expect(svg).toMatch(/^<svg role="img" aria-labelledby="title desc"/);
    expect(svg).toContain('config.add-tool on contextforge: calls over time');
    expect(svg).toContain('new-connection: 10 of 800 calls lost');
    expect(svg).toContain('outages of 50 ms');
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
    { type: 'step', id: 'change', title: 'the change', start: 1_001_000, end: 1_003_000, ok: true },
    { type: 'end', at: 1_010_000, status: 'completed' },
  ];
  return new History(records, () => calls);
}
