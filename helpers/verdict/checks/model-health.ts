import { percent } from '../../format.ts';
import type { z } from 'zod';
import { AT_REST, limitsFact, overallOf, readingFact, readingName, statusAt } from '../../health/facts.ts';
import type { CheckName, LimitedCheck, Limits, Reading } from '../../health/facts.ts';
import type { History } from '../../history/history.ts';
import { all, check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import type { Check, Finding } from '../types.ts';

/** Checks on what a replica says of its own health. Its words are held against the declared limits, and against what it was asked. */
const experiment = 'model.health';
const limited: readonly LimitedCheck[] = ['memory', 'cpu', 'responseTimeMs', 'errorRate'];
const levels = ['warning', 'critical'] as const;
/** A server measures less than whoever asks it, who also waits for the network; no less than half of it, else it measures something else. */
const LEAST_OF_SEEN = 0.5;
/** Of a share that both sides count; calls of the first second may have left the server's window. */
const SHARE_TOLERANCE = 0.01;

type Named = Reading & { name: string; evidence: string };

export const overall = check({
  id: 'health.overall',
  title: 'A replica is healthy, degraded or unhealthy as its five checks say',
  expected: 'each of the three seen, and every report in accord with its checks and the declared limits',
  experiment,
  evaluate: (history) =>
    ofFact(history, 'health.limits', limitsFact, (limits) => {
      const readings = readingsIn(history);
      const wrong = readings.flatMap((reading) => contradictions(reading, limits).map((text) => ({ text, reading })));
      const evidence = readings.map((reading) => reading.evidence);
      if (wrong.length > 0)
        return fail(wrong.map(({ text }) => text).join('; '), ...wrong.map(({ reading }) => reading.evidence));
      const seen = (['healthy', 'degraded', 'unhealthy'] as const).map((status) => ({
        status,
        count: readings.filter(({ report }) => report.overall === status).length,
      }));
      const text = seen.map(({ status, count }) => `${String(count)} reports ${status}`).join(', ');
      const rest = readings.find(({ name }) => name === AT_REST);
      if (rest !== undefined && rest.report.overall !== 'healthy')
        return fail(`at rest it is ${rest.report.overall}; ${text}`, rest.evidence);
      return seen.some(({ count }) => count === 0)
        ? inconclusive(`not all of them were seen: ${text}`)
        : pass(text, ...evidence);
    }),
});

export const modelLoaded = check({
  id: 'health.model-loaded',
  title: 'A replica whose model is not loaded is unhealthy; it is loaded or not, so nothing is in between',
  expected: 'ok at rest; critical, and the replica unhealthy, where the model cannot be loaded',
  experiment,
  evaluate: (history) =>
    all(
      [
        ofReading(history, AT_REST, (reading) => hasStatus(reading, 'modelLoaded', 'ok')),
        ofReading(history, readingName('modelLoaded', 'critical'), (reading) =>
          hasStatus(reading, 'modelLoaded', 'critical'),
        ),
      ],
      'nothing was read',
    ),
});

export const memory = overItsLimits('memory', 'memory', 'Memory', 'a version that keeps memory', percent);
export const cpu = overItsLimits('cpu', 'cpu', 'CPU', 'load', percent);
export const responseTime = overItsLimits(
  'responseTimeMs',
  'response-time',
  'Response time',
  'versions that answer late',
  (ms) => `${ms.toFixed(0)} ms`,
  ({ asked }, value) => value >= asked.averageMs * LEAST_OF_SEEN && value <= asked.averageMs,
);
export const errorRate = overItsLimits(
  'errorRate',
  'error-rate',
  'Error rate',
  'inputs that a version fails on',
  percent,
  ({ asked }, value) => Math.abs(value - asked.failed / Math.max(1, asked.calls)) < SHARE_TOLERANCE,
);

export const readinessTellsTheTruth = check({
  id: 'health.readiness-tells-the-truth',
  title: 'Kubernetes sends calls to a replica whose model is loaded, and none to one whose model is not',
  expected: 'ready at rest; not ready where the model cannot be loaded, while the process works and answers',
  experiment,
  evaluate: (history) =>
    all(
      [
        ofReading(history, AT_REST, ({ ready, evidence }) =>
          ready ? pass('ready at rest', evidence) : fail('not ready, though nothing is wrong with it', evidence),
        ),
        ofReading(history, readingName('modelLoaded', 'critical'), ({ ready, evidence }) =>
          ready ? fail('ready without a model', evidence) : pass('not ready without a model', evidence),
        ),
      ],
      'nothing was read',
    ),
});

/** @param agrees whether what the server says of itself is what it was seen to do, where that can be seen. */
function overItsLimits(
  name: LimitedCheck,
  id: string,
  what: string,
  by: string,
  text: (value: number) => string,
  agrees: (reading: Reading, value: number) => boolean = () => true,
): Check {
  return check({
    id: `health.${id}`,
    title: `${what} is watched: over its declared limits a replica is degraded, then unhealthy`,
    expected: `ok at rest; warning, and critical, where ${by} brought it over the one limit and over the other`,
    experiment,
    evaluate: (history) =>
      ofFact(history, 'health.limits', limitsFact, (limits) => {
        const pushed = levels.map((level) =>
          ofReading(history, readingName(name, level), (reading) => {
            const { value } = reading.report.checks[name];
            const { evidence, cause, asked } = reading;
            const seen = `${cause} (${String(asked.calls)} calls, ${String(asked.failed)} failed, ${asked.averageMs.toFixed(0)} ms on average): ${value === undefined ? 'no figure' : text(value)}`;
            if (value === undefined || !agrees(reading, value))
              return fail(`it says other than was seen: ${seen}`, evidence);
            if (statusAt(value, limits[name]) !== level)
              return inconclusive(`it was not brought to ${level}: ${seen}, limits ${limitsText(limits[name], text)}`);
            const found = hasStatus(reading, name, level);
            return found.verdict === 'pass' ? pass(`${level}: ${seen}`, evidence) : found;
          }),
        );
        return all(
          [ofReading(history, AT_REST, (reading) => hasStatus(reading, name, 'ok')), ...pushed],
          'nothing was read',
        );
      }),
  });
}

function limitsText({ warning, critical }: Limits, text: (value: number) => string): string {
  return `${text(warning)} and ${text(critical)}`;
}

/** The check says so, and the whole is no better than it. */
function hasStatus({ report, name, evidence }: Named, of: CheckName, expected: 'ok' | 'warning' | 'critical'): Finding {
  const { status } = report.checks[of];
  const seen = `${name}: ${of} is ${status}, the replica ${report.overall}`;
  const isWorse = expected === 'ok' || report.overall === 'unhealthy' || overallOf([expected]) === report.overall;
  return status === expected && isWorse ? pass(seen, evidence) : fail(seen, evidence);
}

/** Where a report does not follow from its own figures and the declared limits. */
function contradictions({ report, name }: Named, limits: z.infer<typeof limitsFact>): string[] {
  const { checks } = report;
  const wrong = limited.flatMap((one) => {
    const { status, value } = checks[one];
    const expected = value === undefined ? 'no_data' : statusAt(value, limits[one]);
    return status === expected ? [] : [`${name}: ${one} is ${status} at ${String(value)}, not ${expected}`];
  });
  const expected = overallOf(Object.values(checks).map(({ status }) => status));
  return report.overall === expected
    ? wrong
    : [...wrong, `${name}: ${report.overall}, though its checks say ${expected}`];
}

function readingsIn(history: History): Named[] {
  const names = [
    AT_REST,
    ...(['modelLoaded', ...limited] as const).flatMap((one) => levels.map((level) => readingName(one, level))),
  ];
  return names.flatMap((name) => {
    const record = history.factRecord(`health.${name}`);
    return record === undefined ? [] : [named(readingFact.parse(record.value), name, history.reference(record))];
  });
}

function ofReading(history: History, name: string, find: (reading: Named) => Finding): Finding {
  return ofFact(history, `health.${name}`, readingFact, (reading, evidence) => find(named(reading, name, evidence)));
}

function named(reading: Reading, name: string, evidence: string): Named {
  return { ...reading, name, evidence };
}
