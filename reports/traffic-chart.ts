import { CustomChart, ScatterChart } from 'echarts/charts';
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
import type { TrafficChart } from './traffic/model.ts';
import { seriesOf, shownServers } from './traffic/series.ts';
import { colours, inBothThemes } from './traffic/themes.ts';

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

/** Lengths in pixels. */
const WIDTH = 1100;
const LEFT = 170;
const ROW = 16;
const CALLS = { top: 84, height: 270 };
const LONG = { top: 394, height: 80 };
const SERVERS = { top: 506, below: 50 };

/**
 * Draws the calls around a change over time, as a self-standing SVG for light and dark surroundings: each short call a dot at what its
 * client waited, what was lost in red, below it long calls as bars, and who answered when; the change and outages as areas. Pure.
 * @returns undefined when the history has no traffic.
 */
export function renderTrafficChart(history: History): string | undefined {
  const chart = trafficChartOf(history);
  if (chart === undefined) return undefined;
  const height = SERVERS.top + ROW * shownServers(chart).length + SERVERS.below;
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
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
  const { from, to } = chart.extent;
  const time = { type: 'value' as const, min: from, max: to, ...axis, splitLine: { show: false } };
  const unnamed = { ...time, axisLabel: { show: false } };
  const servers = shownServers(chart);
  return {
    animation: false,
    backgroundColor: colours.page.standIn,
    title: { text: chart.title, left: 12, top: 8, textStyle: { ...text, fontSize: 15 } },
    legend: { top: 34, left: 8, itemGap: 30, textStyle: text, data: [...PATHS.slice(0, 3), 'lost'] },
    grid: [
      { left: LEFT, right: 24, ...CALLS },
      { left: LEFT, right: 24, ...LONG },
      { left: LEFT, right: 24, top: SERVERS.top, height: ROW * servers.length },
    ],
    xAxis: [
      { ...unnamed, gridIndex: 0 },
      { ...unnamed, gridIndex: 1 },
      { ...time, gridIndex: 2, name: 'seconds since the change began', nameLocation: 'middle', nameGap: 26 },
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
      {
        type: 'category',
        name: servers.length === 0 ? '' : 'answered by',
        gridIndex: 2,
        inverse: true,
        nameLocation: 'start',
        data: servers.map(({ label }) => shorten(label)),
        ...axis,
        axisLabel: { ...text, fontSize: 10, interval: 0 },
      },
    ],
    series: seriesOf(chart),
  };
}

/** Letters of a pod's name that fit beside its row. */
const LABEL_LENGTH = 23;

function shorten(label: string): string {
  return label.length <= LABEL_LENGTH ? label : `…${label.slice(1 - LABEL_LENGTH)}`;
}

function withText(svg: string, { title, text }: TrafficChart): string {
  const words = element('title', { id: 'title' }, title) + element('desc', { id: 'desc' }, text);
  return svg
    .replace(/^<svg/, '<svg role="img" aria-labelledby="title desc"')
    .replace(/^(<svg[^>]*>)/, (start) => start + words);
}
