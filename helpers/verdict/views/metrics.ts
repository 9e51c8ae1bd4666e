import type { History } from '../../history/history.ts';
import type { PathName } from '../../traffic/plan.ts';
import { countOf } from '../../traffic/analysis/calls.ts';
import type { Calls } from '../../traffic/analysis/calls.ts';
import { isLost, outageWindows, summaryOf } from '../../traffic/analysis/windows.ts';
import { statuses, verdicts } from '../schema.ts';
import type { ItemVerdict, RunVerdict } from '../types.ts';
import { openMetrics } from './openmetrics.ts';
import type { Family, Sample } from './openmetrics.ts';
import { hasPassed, runSpan, spanOf } from './run.ts';
import type { ViewedRun } from './run.ts';

/** `metrics.txt`: the verdict as a dashboard draws it. Pure. */
export function metricsText(verdict: RunVerdict, run: ViewedRun): string {
  return openMetrics([...runFamilies(verdict, run), ...rowFamilies(verdict), ...experimentFamilies(run)]);
}

function runFamilies(verdict: RunVerdict, run: ViewedRun): Family[] {
  const span = runSpan(run);
  const { provider = '', kubernetesVersion: kubernetes_version = '' } = run;
  const about = { run: verdict.run, provider, kubernetes_version, seatrial_version: run.about?.seatrialVersion ?? '' };
  const one = (name: string, help: string, value: number): Family => ({ name, help, samples: [{ labels: {}, value }] });
  const moment = (name: string, help: string, ms: number): Family => ({
    ...one(name, help, ms / 1000),
    unit: 'seconds',
  });
  return [
    { name: 'seatrial_run_info', help: 'The run that all figures are of.', samples: [{ labels: about, value: 1 }] },
    one('seatrial_run_complete', '0 when the run ended early.', Number(verdict.complete)),
    one(
      'seatrial_run_passed',
      '1 when the run came to its end and nothing that it tried is red.',
      Number(hasPassed(verdict)),
    ),
    moment('seatrial_run_start_timestamp_seconds', 'When the run began.', span.start),
    moment('seatrial_run_end_timestamp_seconds', 'When the run ended; of a killed run, its last record.', span.stop),
  ];
}

function rowFamilies({ standards }: RunVerdict): Family[] {
  const rows = standards.flatMap(({ standard, target, items }) =>
    items.map((item) => ({ item, labels: { standard, target, kind: item.kind, row: item.id } })),
  );
  const samples = (of: (item: ItemVerdict) => { more: Record<string, string>; value: number }[]): Sample[] =>
    rows.flatMap(({ item, labels }) => of(item).map(({ more, value }) => ({ labels: { ...labels, ...more }, value })));
  return [
    {
      name: 'seatrial_row_status',
      help: '1 for the status that the row of the scorecard has, 0 for all others.',
      samples: samples(({ status }) =>
        statuses.map((one) => ({ more: { status: one }, value: Number(one === status) })),
      ),
    },
    {
      name: 'seatrial_row_score',
      help: 'Score of a criterion, 1 to 5; missing where nothing could be judged.',
      samples: samples(({ score }) => (score === undefined ? [] : [{ more: {}, value: score }])),
    },
    {
      name: 'seatrial_row_checks',
      help: 'Checks of the row, by their verdict.',
      samples: samples(({ checks }) =>
        verdicts.map((verdict) => ({
          more: { verdict },
          value: checks.filter((one) => one.verdict === verdict).length,
        })),
      ),
    },
  ];
}

/** Paths on which calls are frequent enough for an outage to have edges. */
const WATCHED = ['new-connection', 'kept-alive', 'batch', 'session'] as const satisfies PathName[];

function experimentFamilies({ targets }: ViewedRun): Family[] {
  const experiments = targets.flatMap(({ declared, histories }) =>
    [...histories].map(([experiment, history]) => ({ labels: { target: declared.name, experiment }, history })),
  );
  const traffic = experiments.flatMap(({ labels, history }) => {
    const calls = callsOf(history);
    return pathsIn(calls).map((path) => ({
      labels: { ...labels, path },
      path,
      own: calls.filter((call) => call.path === path),
    }));
  });
  const outages = traffic
    .filter(({ path }) => WATCHED.some((watched) => watched === path))
    .map(({ labels, own }) => ({ labels, ...summaryOf(outageWindows(own)) }));
  return [
    {
      name: 'seatrial_experiment_duration_seconds',
      help: 'How long the experiment took; status is cut-off when its history has no end.',
      unit: 'seconds',
      samples: experiments.flatMap(({ labels, history }) => {
        const span = spanOf(history);
        const status = history.end?.status ?? 'cut-off';
        return span === undefined ? [] : [{ labels: { ...labels, status }, value: (span.stop - span.start) / 1000 }];
      }),
    },
    {
      name: 'seatrial_calls',
      help: 'Calls during the experiment, by path and outcome.',
      samples: traffic.flatMap(({ labels, own }) => [
        { labels: { ...labels, outcome: 'served' }, value: countOf(own, (call) => !isLost(call)) },
        { labels: { ...labels, outcome: 'lost' }, value: countOf(own, isLost) },
      ]),
    },
    {
      name: 'seatrial_outages',
      help: 'Outage windows during the experiment, by path.',
      samples: outages.map(({ labels, count }) => ({ labels, value: count })),
    },
    {
      name: 'seatrial_outage_longest_seconds',
      help: 'The longest outage window; 0 when there was none.',
      unit: 'seconds',
      samples: outages.map(({ labels, longestMs }) => ({ labels, value: longestMs / 1000 })),
    },
  ];
}

/** None where the history of the traffic cannot be read: the checks on it are inconclusive then, and say so. */
function callsOf(history: History): Calls {
  try {
    return history.traffic.calls;
  } catch {
    return [];
  }
}

/** The one that was called first comes first. */
function pathsIn(calls: Calls): PathName[] {
  const paths = new Set<PathName>();
  for (const { path } of calls) paths.add(path);
  return [...paths];
}
