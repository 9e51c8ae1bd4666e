import { AT_REST, overallOf, readingName, statusAt } from '../../../../helpers/health/facts.ts';
import type { CheckStatus, LimitedCheck, Reading } from '../../../../helpers/health/facts.ts';
import type { FirstCallsFact, LoadTestFact, StartFact } from '../../../../helpers/health/pitfalls.ts';
import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import { model } from '../target/model.ts';

const target = model();
const limits = target.healthChecks.thresholds;
const atRest: Record<LimitedCheck, number> = { memory: 0.2, cpu: 0.05, responseTimeMs: 4, errorRate: 0 };

/** A replica with these figures instead of those at rest, as an honest server reports it. */
export function reading(
  figures: Partial<Record<LimitedCheck, number>>,
  { loaded = true, ...fields }: Partial<Omit<Reading, 'report'>> & { loaded?: boolean } = {},
): Reading {
  const values = { ...atRest, ...figures };
  const one = (name: LimitedCheck): { status: CheckStatus; value: number } => ({
    status: statusAt(values[name], limits[name]),
    value: values[name],
  });
  const checks = {
    modelLoaded: { status: loaded ? ('ok' as const) : ('critical' as const) },
    memory: one('memory'),
    cpu: one('cpu'),
    responseTimeMs: one('responseTimeMs'),
    errorRate: one('errorRate'),
  };
  const overall = overallOf(Object.values(checks).map(({ status }) => status));
  const asked = { calls: 200, failed: 200 * values.errorRate, averageMs: values.responseTimeMs + 2, slowestMs: 50 };
  const common = { version: 'v1', cause: 'what was done', httpStatus: overall === 'unhealthy' ? 503 : 200 };
  return { ...common, report: { overall, checks }, ready: loaded, asked, ...fields };
}

const readings: Record<string, Reading> = {
  [AT_REST]: reading({}),
  [readingName('modelLoaded', 'critical')]: reading({}, { loaded: false }),
  [readingName('memory', 'warning')]: reading({ memory: 0.81 }),
  [readingName('memory', 'critical')]: reading({ memory: 0.955 }),
  [readingName('cpu', 'warning')]: reading({ cpu: 0.87 }),
  [readingName('cpu', 'critical')]: reading({ cpu: 0.99 }),
  [readingName('responseTimeMs', 'warning')]: reading({ responseTimeMs: 702 }),
  [readingName('responseTimeMs', 'critical')]: reading({ responseTimeMs: 1_203 }),
  [readingName('errorRate', 'warning')]: reading({ errorRate: 0.03 }),
  [readingName('errorRate', 'critical')]: reading({ errorRate: 0.52 }),
};

/** What `model.health` records of a server that tells the truth. */
export const modelHealthHistory = historyOf('model.health', {
  'health.limits': limits,
  ...Object.fromEntries(Object.entries(readings).map(([name, value]) => [`health.${name}`, value])),
});

export const started: StartFact = { version: 'v2', ready: true, oomKills: 0 };

export const firstCalls: FirstCallsFact = {
  limitMs: 1000,
  calls: Array.from({ length: 20 }, (_, index) => ({ ms: index === 0 ? 12 : 4 })),
};

const MIB = 2 ** 20;

export const loadTest: LoadTestFact = {
  ratePerS: 50,
  durationMs: 30_000,
  asked: { calls: 1_500, failed: 0, averageMs: 4, slowestMs: 40 },
  p95Ms: 9,
  cpuPeriods: { all: 300, throttled: 2 },
  slo: { p95Ms: 500, errorRate: 0.01 },
  memoryWarning: 0.8,
  usage: {
    limits: { memoryBytes: 512 * MIB, cpuCores: 1 },
    pods: [{ pod: 'model-first', memoryBytes: 104 * MIB, cpuCores: 0.2, oomKills: 0, restarts: 0 }],
  },
};

/** What `model.pitfalls` records of a model that has none of them. */
export const modelPitfallsHistory = historyOf('model.pitfalls', {
  'pitfalls.first-calls': firstCalls,
  'pitfalls.load-test': loadTest,
  'pitfalls.start': started,
});

function historyOf(experiment: string, facts: Record<string, unknown>): History {
  const records = Object.entries(facts).map(([key, value]): HistoryRecord => ({ type: 'fact', at: 1, key, value }));
  return new History([
    { type: 'begin', at: 0, experiment, target: target.name, run: '20261121-100000-abcd' },
    ...records,
    { type: 'end', at: 2, status: 'completed' },
  ]);
}
