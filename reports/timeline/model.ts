import type { History } from '../../helpers/history/history.ts';
import type { CallRecord, ObservationRecord, StepRecord } from '../../helpers/history/records.ts';
import { settles } from '../../helpers/history/settled.ts';

/** What a bar stands for; each has its colour and its entry in the legend. */
export type Phase = 'step' | 'failed' | 'waiting' | 'pulling' | 'starting' | 'settling' | 'served' | 'lost';

/** `start` and `end` in milliseconds since the start of the timeline. */
export interface Bar {
  phase: Phase;
  start: number;
  end: number;
  text: string;
}

export interface Row {
  label: string;
  bars: Bar[];
  /** What the row tells, in words: shown at its end, and the text alternative of its bars. */
  summary: string;
}

export interface Timeline {
  title: string;
  /** Length in milliseconds. */
  span: number;
  groups: { title: string; rows: Row[] }[];
}

/** What begins for a pod with each observation; with any other, nothing does. */
const phaseAfter: Readonly<Record<string, Phase>> = {
  'pod.scheduled': 'waiting',
  'image.pulling': 'pulling',
  'image.pulled': 'starting',
  'container.started': 'settling',
};

/** Arranges a history as rows over time: its steps, the pods that were seen, and the calls that were made. */
export function timelineOf(history: History): Timeline {
  const { steps, calls } = history;
  const observations = history.observations.filter(
    ({ what }) => what in phaseAfter || what === 'pod.ready' || what === 'job.completed',
  );
  const moments = [...steps, ...calls]
    .flatMap(({ start, end }) => [start, end])
    .concat(observations.map(({ at }) => at));
  const origin = Math.min(...moments);
  const span = moments.length === 0 ? 0 : Math.max(...moments) - origin;
  const pods = [...new Set(observations.map(({ object }) => object))].filter((object) => object.startsWith('Pod/'));
  const methods = Map.groupBy(calls, ({ method, tool }) => (tool === undefined ? method : `${method} ${tool}`));
  return {
    title: `${history.begin?.experiment ?? 'Experiment'} on ${history.begin?.target ?? 'an unnamed target'}`,
    span,
    groups: [
      { title: 'Steps', rows: steps.map((step) => stepRow(step, origin)) },
      { title: 'Pods', rows: pods.map((pod) => podRow(pod, observations, origin, span)) },
      { title: 'Calls', rows: [...methods].map(([method, made]) => callRow(method, made, origin)) },
    ].filter(({ rows }) => rows.length > 0),
  };
}

/** The timeline in words, one line a row. */
export function timelineText(timeline: Timeline): string {
  const rows = timeline.groups.flatMap((group) => [
    `${group.title}:`,
    ...group.rows.map((row) => `- ${row.label}: ${row.summary}`),
  ]);
  return [`${timeline.title}, ${duration(timeline.span)} in all.`, ...rows].join('\n');
}

/** `850 ms`, `12.3 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}

function stepRow({ id, title, start, end, ok, error }: StepRecord, origin: number): Row {
  const took = duration(end - start);
  const summary = ok ? took : `failed after ${took}`;
  const text = `${title}: ${summary}${error === undefined ? '' : `: ${error}`}`;
  return {
    label: id,
    bars: [{ phase: ok ? 'step' : 'failed', start: start - origin, end: end - origin, text }],
    summary,
  };
}

function podRow(pod: string, seen: readonly ObservationRecord[], origin: number, span: number): Row {
  const events = seen
    .filter((observation) => observation.object === pod || settles(observation, pod))
    .toSorted((a, b) => a.at - b.at);
  // A job's pod is ready as soon as it runs; what counts for it is that the job completes.
  const settled =
    events.find(({ what }) => what === 'job.completed') ?? events.find(({ what }) => what === 'pod.ready');
  const until = settled?.at ?? origin + span;
  const begun = events.filter(({ what, at }) => what in phaseAfter && at <= until);
  const bars = begun.map(({ what, at }, index): Bar => {
    const phase = phaseAfter[what] ?? 'waiting';
    const [start, end] = [at - origin, (begun[index + 1]?.at ?? until) - origin];
    return { phase, start, end, text: `${what}, then ${phase} for ${duration(end - start)}` };
  });
  const outcome = settled === undefined ? 'not ready' : settled.what === 'pod.ready' ? 'ready' : 'complete';
  const summary =
    settled === undefined ? outcome : `${outcome} after ${duration(settled.at - (events[0]?.at ?? origin))}`;
  return { label: pod.replace(/^Pod\//, ''), bars, summary };
}

function callRow(method: string, made: readonly CallRecord[], origin: number): Row {
  const bars = made.map(({ start, end, outcome }): Bar => {
    const phase = outcome === 'served' ? 'served' : 'lost';
    return { phase, start: start - origin, end: end - origin, text: `${outcome} in ${duration(end - start)}` };
  });
  // What was lost is drawn last, so that no served call hides it.
  bars.sort((a, b) => Number(a.phase === 'lost') - Number(b.phase === 'lost'));
  const served = made.filter(({ outcome }) => outcome === 'served').length;
  const first = made[0];
  const took = first === undefined ? '' : `, first in ${duration(first.end - first.start)}`;
  return { label: method, bars, summary: `${String(served)} of ${String(made.length)} served${took}` };
}
