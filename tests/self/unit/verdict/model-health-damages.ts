import { AT_REST, readingName } from '../../../../helpers/health/facts.ts';
import type { CheckName, LimitedCheck, Reading } from '../../../../helpers/health/facts.ts';
import { changed, isFact, without } from './histories.ts';
import type { Damages } from './histories.ts';
import { firstCalls, loadTest, reading } from './model-health-history.ts';

/** For every check on health and on pitfalls: what turns it red, and what blinds it. */
export const modelHealthDamages: Record<string, Damages> = {
  'health.overall': {
    // Worse than any of its checks.
    fail: is(AT_REST, withOverall(reading({}), 'degraded')),
    // A server whose overall status is a constant.
    alsoFail: [is(readingName('cpu', 'warning'), withOverall(reading({ cpu: 0.87 }), 'healthy'))],
    inconclusive: without(isFact('health.limits')),
  },
  'health.model-loaded': {
    fail: is(readingName('modelLoaded', 'critical'), reading({}, { ready: false })),
    inconclusive: without(isFact(`health.${readingName('modelLoaded', 'critical')}`)),
  },
  'health.memory': blindTo('memory', 0.955),
  'health.cpu': blindTo('cpu', 0.99),
  'health.response-time': {
    fail: is(readingName('responseTimeMs', 'critical'), {
      ...reading({}),
      asked: reading({ responseTimeMs: 1_203 }).asked,
    }),
    inconclusive: is(readingName('responseTimeMs', 'warning'), reading({ responseTimeMs: 400 })),
  },
  'health.error-rate': {
    fail: is(readingName('errorRate', 'critical'), { ...reading({}), asked: reading({ errorRate: 0.52 }).asked }),
    inconclusive: without(isFact(`health.${AT_REST}`)),
  },
  'health.readiness-tells-the-truth': {
    fail: is(readingName('modelLoaded', 'critical'), reading({}, { loaded: false, ready: true })),
    inconclusive: without(isFact(`health.${readingName('modelLoaded', 'critical')}`)),
  },
  'pitfalls.load-within-limits': {
    fail: changed(isFact('pitfalls.load-test'), { value: { ...loadTest, cpuPeriods: { all: 300, throttled: 200 } } }),
    inconclusive: changed(isFact('pitfalls.load-test'), { value: { ...loadTest, cpuPeriods: undefined } }),
  },
  'pitfalls.warm-when-ready': {
    fail: changed(isFact('pitfalls.first-calls'), { value: { ...firstCalls, limitMs: 10 } }),
    inconclusive: changed(isFact('pitfalls.first-calls'), { value: { ...firstCalls, calls: [] } }),
  },
};

/** The check has no figure when it matters; or goes on saying that all is well, as a placeholder does, whatever its figure. */
function blindTo(name: LimitedCheck, value: number): Damages {
  const honest = reading({ [name]: value });
  const checks = { ...honest.report.checks, [name]: { status: 'ok' as const, value } };
  const silent = { ...honest.report.checks, [name]: { status: 'no_data' as const } };
  return {
    fail: is(readingName(name, 'critical'), { ...honest, report: { overall: 'healthy', checks: silent } }),
    alsoFail: [is(readingName(name, 'critical'), { ...honest, report: { overall: 'healthy', checks } })],
    inconclusive: without(isFact(`health.${readingName(name satisfies CheckName, 'warning')}`)),
  };
}

function is(name: string, value: Reading) {
  return changed(isFact(`health.${name}`), { value });
}

function withOverall(honest: Reading, overall: Reading['report']['overall']): Reading {
  return { ...honest, report: { ...honest.report, overall } };
}
