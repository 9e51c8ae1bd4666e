import type { CheckResult, ItemVerdict, RunVerdict, StandardVerdict } from '../types.ts';
import { rowName } from '../row.ts';
import { momentOf, runSpan, spanOf } from './run.ts';
import type { Span, ViewedRun } from './run.ts';

/** The Common Test Report Format, as far as it is written here (https://ctrf.io, version 0.0.0, the one that its library knows). */
export interface CtrfReport {
  reportFormat: 'CTRF';
  specVersion: '0.0.0';
  runId?: string;
  generatedBy: string;
  timestamp?: string;
  results: {
    tool: { name: string; version?: string };
    summary: Record<CtrfStatus | 'tests' | 'suites' | 'start' | 'stop' | 'duration', number>;
    tests: CtrfTest[];
    environment: { reportName: string; appName?: string; testEnvironment?: string; extra: Record<string, unknown> };
  };
}

type CtrfStatus = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

interface CtrfTest {
  /** The same in every run. */
  testId: string;
  name: string;
  status: CtrfStatus;
  /** Of the experiments behind the row, in ms; several rows may rest on the same one. */
  duration: number;
  start?: number;
  stop?: number;
  suite: string[];
  message?: string;
  rawStatus: string;
  tags?: string[];
  labels?: Record<string, string | number>;
  steps?: { name: string; status: CtrfStatus; extra: Record<string, unknown> }[];
  extra?: Record<string, unknown>;
}

/** What is inconclusive is red: `other` would be counted as neither. */
const ctrfStatus: Readonly<Record<ItemVerdict['status'], CtrfStatus>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'failed',
  'not-applicable': 'skipped',
  'not-run': 'pending',
};

/** A row of a standard is a test, its checks are the steps. A run that ended early has one test more, which fails. Pure. */
export function ctrfReport(verdict: RunVerdict, run: ViewedRun): CtrfReport {
  const span = runSpan(run);
  const tests = [
    ...(verdict.complete ? [] : [endedEarly(verdict.run)]),
    ...verdict.standards.flatMap((standard) => standard.items.map((item) => testOf(item, standard, verdict, run))),
  ];
  const count = (status: CtrfStatus) => tests.filter((test) => test.status === status).length;
  const { about, provider, kubernetesVersion } = run;
  const { seatrialVersion } = about ?? {};
  const ended = momentOf(about?.endedAt);
  const names = [...new Set(verdict.standards.map(({ target }) => target))];
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    ...(verdict.run === '' ? {} : { runId: verdict.run }),
    generatedBy: 'seatrial',
    ...(ended === undefined ? {} : { timestamp: new Date(ended).toISOString() }),
    results: {
      tool: { name: 'seatrial', ...(seatrialVersion === undefined ? {} : { version: seatrialVersion }) },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: count('pending'),
        other: count('other'),
        suites: new Set(tests.map(({ suite }) => JSON.stringify(suite))).size,
        ...span,
        duration: span.stop - span.start,
      },
      tests,
      environment: {
        reportName: `Run ${verdict.run}${verdict.complete ? '' : ', which ended early'}`,
        ...(names.length === 0 ? {} : { appName: names.join(', ') }),
        ...(provider === undefined ? {} : { testEnvironment: provider }),
        extra: {
          run: verdict.run,
          complete: verdict.complete,
          ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
        },
      },
    },
  };
}

function endedEarly(run: string): CtrfTest {
  return {
    testId: 'run',
    name: 'The run comes to its end',
    status: 'failed',
    duration: 0,
    suite: ['Run'],
    message: `Run ${run} ended early: what was cut off counts as failed`,
    rawStatus: 'inconclusive',
  };
}

function testOf(
  item: ItemVerdict,
  { standard, title, target }: StandardVerdict,
  { run: id }: RunVerdict,
  { targets }: ViewedRun,
): CtrfTest {
  const { status, score, missing, note, checks } = item;
  const histories = targets.find(({ declared }) => declared.name === target)?.histories;
  const experiments = [...new Set(checks.map(({ experiment }) => experiment))];
  const spans = experiments.flatMap((experiment) => {
    const history = histories?.get(experiment);
    return history === undefined ? [] : (spanOf(history) ?? []);
  });
  return {
    testId: `${target}/${standard}/${item.id}`,
    name: rowName(item),
    status: ctrfStatus[status],
    duration: spans.reduce((sum, { start, stop }) => sum + stop - start, 0),
    ...around(spans),
    suite: [title, target],
    ...(status === 'pass' ? {} : { message: note }),
    rawStatus: status,
    tags: [item.kind],
    labels: { standard, row: item.id, target, ...(score === undefined ? {} : { score }) },
    steps: checks.map(stepOf),
    extra: { run: id, note, ...(missing === undefined ? {} : { missing }) },
  };
}

function around(spans: readonly Span[]): Partial<Span> {
  if (spans.length === 0) return {};
  return { start: Math.min(...spans.map(({ start }) => start)), stop: Math.max(...spans.map(({ stop }) => stop)) };
}

function stepOf({ id, title, expected, seen, verdict, experiment, evidence = [] }: CheckResult) {
  return { name: title, status: ctrfStatus[verdict], extra: { id, verdict, expected, seen, experiment, evidence } };
}
