import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import { alertNames, podNotReady } from '../../../../helpers/monitoring/rules.ts';

/** What the experiment on alerts records where each of them fires and resolves. */

const START = 1_795_255_200_000;

export const alertsByCause: Readonly<Record<string, string[]>> = {
  failing: [alertNames['error-rate']],
  slow: [alertNames['average-latency'], alertNames.p95],
  leaking: [alertNames['oom-kills']],
  'never-ready': [podNotReady],
  'scaled-to-nothing': [alertNames.availability],
};

export function cause(alerts: readonly string[], times: object = { firedAfterMs: 12_000, resolvedAfterMs: 30_000 }) {
  return {
    expected: alerts.map((alert) => ({ alert, ...times })),
    others: [],
    slackMessages: 2 * alerts.length,
    problems: [],
  };
}

export const alertHistory = new History([
  { type: 'begin', at: START, experiment: 'model.alerts', target: 'model', run: '20261121-100000-abcd' },
  fact('promtool', [{ what: 'check-delivered', exitCode: 0, output: 'SUCCESS: 6 rules found' }]),
  fact('quiet', { watchedMs: 28_000, requestRate: 95.2, firing: [] }),
  fact('dashboard', [{ panel: 'Error rate', expr: 'vector(0)', samples: 1 }]),
  ...Object.entries(alertsByCause).map(([name, alerts]) => fact(name, cause(alerts))),
  { type: 'end', at: START + 240_000, status: 'completed' },
]);

function fact(name: string, value: unknown): HistoryRecord {
  return { type: 'fact', at: START, key: `alerts.${name}`, value };
}
