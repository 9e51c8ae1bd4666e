import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import { PATHS } from './model.ts';
import type { Dot, DrawnPath, Span, TrafficChart } from './model.ts';
import { colours } from './themes.ts';

/** The part of the width that the length of an outage takes, written out. */
const LABEL_WIDTH = 0.07;

/** Pods that have a row of their own; the words below the drawing name all of them. */
const SERVERS_SHOWN = 12;

/** What is drawn of the traffic, in the order in which it lies on top of each other. */
export function seriesOf(chart: TrafficChart) {
  return [
    ...PATHS.slice(0, 3).map((path) => dots(path, chart.served[path], colours[path].standIn)),
    { ...dots('lost', chart.lost, colours.lost.standIn), symbol: 'diamond', symbolSize: 9, ...marks(chart) },
    bars(chart),
    answers(chart),
  ];
}

export function shownServers({ servers }: TrafficChart): TrafficChart['servers'] {
  return servers.slice(0, SERVERS_SHOWN);
}

function dots(name: DrawnPath | 'lost', calls: readonly Dot[], color: string) {
  return {
    type: 'scatter' as const,
    name,
    symbolSize: 5,
    itemStyle: { color },
    data: calls.map(({ at, waitedMs }) => [round(at), Math.max(1, round(waitedMs))]),
  };
}

function marks(chart: TrafficChart) {
  const { change, outages, moments } = chart;
  const labelled = labelledOutages(chart);
  const area = ({ from, to }: Span, name: string, color: string, opacity: number) => [
    {
      xAxis: round(from),
      name,
      itemStyle: { color, opacity },
      label: { color: colours.text.standIn, fontSize: 10, position: 'insideBottom' },
    },
    { xAxis: round(Math.max(to, from)) },
  ];
  return {
    markArea: {
      silent: true,
      data: [
        area(change, '', colours.change.standIn, 0.15),
        ...outages.map((outage) => area(outage, labelled.has(outage) ? outage.text : '', colours.lost.standIn, 0.25)),
      ] as never,
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: colours.change.standIn, type: 'dashed' as const },
      label: { color: colours.text.standIn, fontSize: 9, rotate: 90, position: 'insideEndBottom' as const },
      data: moments.map(({ at, text }) => ({ xAxis: round(at), name: text, label: { formatter: text } })),
    },
  };
}

/** The longest outages whose lengths can be written without standing on top of each other. */
function labelledOutages({ outages, extent }: TrafficChart): Set<Span> {
  const apart = (extent.to - extent.from) * LABEL_WIDTH;
  const middle = ({ from, to }: Span) => (from + to) / 2;
  const chosen: Span[] = [];
  for (const outage of outages.toSorted((a, b) => b.to - b.from - (a.to - a.from))) {
    if (chosen.every((other) => Math.abs(middle(other) - middle(outage)) > apart)) chosen.push(outage);
  }
  return new Set(chosen);
}

/** Each long call a bar from its start to its end. */
function bars({ long }: TrafficChart) {
  return {
    type: 'custom' as const,
    name: 'in-flight',
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: long.map(({ from, to, lost }, index) => [round(from), round(to), index, lost ? 1 : 0]),
    renderItem: (_: unknown, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const [x = 0, y = 0] = api.coord([api.value(0), Number(api.value(2)) + 1]);
      const [right = 0, bottom = 0] = api.coord([api.value(1), api.value(2)]);
      const fill = api.value(3) === 1 ? colours.lost.standIn : colours['in-flight'].standIn;
      const shape = { x, y, width: Math.max(1.5, right - x), height: Math.max(1, (bottom - y) * 0.8) };
      return { type: 'rect', shape, style: { fill } };
    },
  };
}

/** Each answer a dot in the row of the pod that gave it. */
function answers(chart: TrafficChart) {
  return {
    type: 'scatter' as const,
    name: 'answered by',
    xAxisIndex: 2,
    yAxisIndex: 2,
    symbolSize: 4,
    itemStyle: { color: colours.text.standIn },
    data: shownServers(chart).flatMap((server, index) => drawn(server.answers).map((at) => [round(at), index])),
    ...changeArea(chart),
  };
}

/** Dots of a row that are drawn at most, evenly over time. */
const DRAWN = 10_000;

function drawn(answers: readonly number[]): readonly number[] {
  const every = Math.ceil(answers.length / DRAWN);
  return every <= 1 ? answers : answers.filter((_, index) => index % every === 0);
}

/** The change alone, without words: what it is stands above. */
function changeArea({ change }: TrafficChart) {
  const itemStyle = { color: colours.change.standIn, opacity: 0.15 };
  const data = [[{ xAxis: round(change.from), itemStyle }, { xAxis: round(change.to) }]];
  return { markArea: { silent: true, data: data as never } };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
