import { CustomChart, ScatterChart } from 'echarts/charts';
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { History } from '../helpers/history/history.ts';
import { element } from './timeline/svg.ts';
import { PATHS, trafficChartOf } from './traffic/model.ts';
import type { Dot, DrawnPath, Span, TrafficChart } from './traffic/model.ts';

echarts.use([
  CustomChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ScatterChart,
  SVGRenderer,
  TitleComponent,
]);

const WIDTH = 1100;
const HEIGHT = 560;

/** Drawn with stand-ins, which become variables: one drawing for light and dark surroundings. */
const colours = {
  text: { standIn: '#010101', light: '#1f2328', dark: '#e6edf3' },
  grid: { standIn: '#020202', light: '#d8dee4', dark: '#30363d' },
  page: { standIn: '#030303', light: '#ffffff', dark: '#0d1117' },
  lost: { standIn: '#040404', light: '#c62828', dark: '#ff7b72' },
  change: { standIn: '#050505', light: '#8a94a3', dark: '#8a94a3' },
  'new-connection': { standIn: '#060606', light: '#2563c9', dark: '#6ea8fe' },
  'kept-alive': { standIn: '#070707', light: '#0f766e', dark: '#45c4b5' },
  session: { standIn: '#080808', light: '#7b3fb8', dark: '#c39bf0' },
  'in-flight': { standIn: '#090909', light: '#b35900', dark: '#f0a04b' },
} as const;

/**
 * Draws the calls around a change over time, as a self-standing SVG for light and dark surroundings: each short call a dot at what its
 * client waited, what was lost in red, long calls as bars below, the change and outages as areas. Pure.
 * @returns undefined when the history has no traffic.
 */
export function renderTrafficChart(history: History): string | undefined {
  const chart = trafficChartOf(history);
  if (chart === undefined) return undefined;
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    canvas.setOption(optionOf(chart));
    return withText(inBothThemes(canvas.renderToSVGString()), chart);
  } finally {
    canvas.dispose();
  }
}

function optionOf(chart: TrafficChart): Parameters<echarts.ECharts['setOption']>[0] {
  const text = { color: colours.text.standIn };
  const axis = {
    axisLabel: text,
    nameTextStyle: text,
    axisLine: { onZero: false, lineStyle: { color: colours.grid.standIn } },
  };
  const split = { splitLine: { lineStyle: { color: colours.grid.standIn } } };
  const [first, last] = extentOf(chart);
  const time = { type: 'value' as const, min: first, max: last, ...axis, splitLine: { show: false } };
  return {
    animation: false,
    backgroundColor: colours.page.standIn,
    title: { text: chart.title, left: 12, top: 8, textStyle: { ...text, fontSize: 15 } },
    legend: { top: 34, left: 8, textStyle: text, data: [...PATHS.slice(0, 3), 'lost'] },
    grid: [
      { left: 64, right: 24, top: 84, height: 290 },
      { left: 64, right: 24, top: 410, height: 100 },
    ],
    xAxis: [
      { ...time, gridIndex: 0, axisLabel: { show: false } },
      { ...time, gridIndex: 1, name: 'seconds since the change began', nameLocation: 'middle', nameGap: 26 },
    ],
    yAxis: [
      { type: 'log', name: 'waited, ms', gridIndex: 0, min: 1, ...axis, ...split },
      {
        type: 'value',
        name: 'long calls',
        gridIndex: 1,
        min: 0,
        max: Math.max(1, chart.long.length),
        ...axis,
        axisLabel: { show: false },
        splitLine: { show: false },
      },
    ],
    series: [
      ...PATHS.slice(0, 3).map((path) => dots(path, chart.served[path], colours[path].standIn)),
      { ...dots('lost', chart.lost, colours.lost.standIn), symbol: 'diamond', symbolSize: 9, ...marks(chart) },
      bars(chart),
    ],
  };
}

function extentOf({ served, lost, long, change }: TrafficChart): [number, number] {
  const moments = [...PATHS.flatMap((path) => served[path]), ...lost].map(({ at }) => at);
  const ends = [...moments, ...long.map(({ to }) => to), change.to];
  return [Math.floor(Math.min(...moments, 0)), Math.ceil(ends.reduce((most, end) => Math.max(most, end), 1))];
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

function marks({ change, outages, moments }: TrafficChart) {
  const area = ({ from, to, text }: Span, color: string, opacity: number) => [
    {
      xAxis: round(from),
      name: text,
      itemStyle: { color, opacity },
      label: { color: colours.text.standIn, fontSize: 10 },
    },
    { xAxis: round(Math.max(to, from)) },
  ];
  return {
    markArea: {
      silent: true,
      data: [
        area(change, colours.change.standIn, 0.15),
        ...outages.map((outage) => area({ ...outage, text: '' }, colours.lost.standIn, 0.25)),
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

function inBothThemes(svg: string): string {
  const replaced = Object.entries(colours).reduce(
    (text, [name, { standIn }]) =>
      text.replaceAll(standIn, `var(--${name})`).replaceAll(rgbOf(standIn), `var(--${name})`),
    svg,
  );
  const variables = (theme: 'light' | 'dark') =>
    Object.entries(colours)
      .map(([name, colour]) => `--${name}:${colour[theme]}`)
      .join(';');
  const style = `svg{${variables('light')}}@media(prefers-color-scheme:dark){svg{${variables('dark')}}}`;
  return replaced.replace(/^(<svg[^>]*>)/, (start) => `${start}${element('style', {}, style)}`);
}

/** How the renderer writes a colour that has an opacity. */
function rgbOf(hex: string): string {
  const value = Number.parseInt(hex.slice(1, 3), 16);
  return `rgb(${String(value)},${String(value)},${String(value)})`;
}

function withText(svg: string, { title, text }: TrafficChart): string {
  const words = element('title', { id: 'title' }, title) + element('desc', { id: 'desc' }, text);
  return svg
    .replace(/^<svg/, '<svg role="img" aria-labelledby="title desc"')
    .replace(/^(<svg[^>]*>)/, (start) => start + words);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
