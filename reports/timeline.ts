import type { History } from '../helpers/history/history.ts';
import { element, type Attributes } from './timeline/svg.ts';
import { duration, timelineOf, timelineText, type Bar, type Phase, type Row, type Timeline } from './timeline/model.ts';

/** Lengths in user units, of which the drawing is 1100 wide. */
const WIDTH = 1100;
const LABELS = 290;
const SUMMARIES = 215;
const PLOT = WIDTH - LABELS - SUMMARIES;
const ROW = 22;
const BAR = 12;
const TOP = 78;
/** About as wide as a letter gets, on average. */
const LETTER = 7;
/** A bar of next to no duration must still be seen. */
const THINNEST = 2.5;
/** Characters of a label that fit beside the plot. */
const LABEL_LENGTH = 40;

const phases: Readonly<Record<Phase, { light: string; dark: string; legend: string }>> = {
  step: { light: '#2563c9', dark: '#6ea8fe', legend: 'step' },
  waiting: { light: '#8a94a3', dark: '#8a94a3', legend: 'scheduled, waiting' },
  pulling: { light: '#b35900', dark: '#f0a04b', legend: 'image pull' },
  starting: { light: '#7b3fb8', dark: '#c39bf0', legend: 'container start' },
  settling: { light: '#0f766e', dark: '#45c4b5', legend: 'getting ready' },
  served: { light: '#2e7d32', dark: '#6fcf74', legend: 'call served' },
  failed: { light: '#c62828', dark: '#ff7b72', legend: 'failed' },
  lost: { light: '#c62828', dark: '#ff7b72', legend: 'not served' },
};

/**
 * Draws a history over time, as a self-standing SVG for light and dark surroundings. Pure. The drawing carries its own
 * text alternative, which is also there as text: see `describeTimeline`.
 */
export function renderTimeline(history: History): string {
  const timeline = timelineOf(history);
  const rows = timeline.groups.reduce((sum, group) => sum + group.rows.length + 1, 0);
  const bottom = TOP + Math.max(rows, 1) * ROW;
  const height = bottom + 34;
  const svg = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${String(WIDTH)} ${String(height)}`,
    width: WIDTH,
    height,
  };
  return `${element('svg', { ...svg, role: 'img', 'aria-labelledby': 'title desc' }, [
    element('title', { id: 'title' }, `Timeline: ${timeline.title}`),
    element('desc', { id: 'desc' }, timelineText(timeline)),
    element('style', {}, style()),
    element('rect', { class: 'page', width: WIDTH, height }),
    text(16, 28, `${timeline.title}: ${duration(timeline.span)}`, 'head'),
    legend(timeline),
    ...axis(timeline.span, bottom),
    ...body(timeline),
  ])}\n`;
}

/** What the drawing shows, in words: one line for each step, pod and kind of call. */
export function describeTimeline(history: History): string {
  return timelineText(timelineOf(history));
}

function body({ groups, span }: Timeline): string[] {
  if (groups.length === 0) return [text(16, TOP + 15, 'Nothing was recorded.', 'label')];
  const lines = groups.flatMap((group) => [group.title, ...group.rows]);
  return lines.map((line, index) => {
    const y = TOP + index * ROW;
    return typeof line === 'string' ? text(16, y + 15, line, 'group') : drawRow(line, y, span);
  });
}

function drawRow({ label, bars, summary }: Row, y: number, span: number): string {
  return element('g', {}, [
    element('title', {}, `${label}: ${summary}`),
    text(28, y + 15, shorten(label), 'label'),
    ...bars.map((bar) => drawBar(bar, y, span)),
    text(WIDTH - SUMMARIES + 10, y + 15, summary, 'summary'),
  ]);
}

function drawBar({ phase, start, end, text: meaning }: Bar, y: number, span: number): string {
  const width = Math.max(across(end - start, span), THINNEST);
  // A bar that was widened to be seen must not stick out at the end.
  const x = LABELS + Math.min(across(start, span), PLOT - width);
  const box = { x: round(x), y: y + (ROW - BAR) / 2, width: round(width), height: BAR, rx: 2, class: phase };
  return element('rect', box, [element('title', {}, meaning)]);
}

function axis(span: number, bottom: number): string[] {
  return ticks(span).flatMap((ms) => {
    const x = round(LABELS + across(ms, span));
    return [
      element('line', { x1: x, x2: x, y1: TOP - 4, y2: bottom, class: 'grid' }),
      text(x, bottom + 18, ms === 0 ? '0' : duration(ms).replace('.0 ', ' '), 'tick', { 'text-anchor': 'middle' }),
    ];
  });
}

/** Round moments that split `span` (ms) into at most eight parts. */
function ticks(span: number): number[] {
  const steps = [1, 2, 5].flatMap((digit) => Array.from({ length: 10 }, (_, exponent) => digit * 10 ** exponent));
  const step = steps.toSorted((a, b) => a - b).find((candidate) => span / candidate <= 8) ?? Math.max(span, 1);
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
}

function legend({ groups }: Timeline): string {
  const bars = groups.flatMap((group) => group.rows.flatMap((row) => row.bars));
  const used = (Object.keys(phases) as Phase[]).filter((phase) => bars.some((bar) => bar.phase === phase));
  let x = 16;
  const entries = used.flatMap((phase) => {
    const meaning = phases[phase].legend;
    const entry = [
      element('rect', { x, y: 44, width: BAR, height: BAR, rx: 2, class: phase }),
      text(x + BAR + 5, 54, meaning, 'tick'),
    ];
    x += BAR + 25 + meaning.length * LETTER;
    return entry;
  });
  return element('g', {}, entries);
}

function style(): string {
  const bars = (theme: 'light' | 'dark') =>
    Object.entries(phases).map(([phase, colour]) => `.${phase}{fill:${colour[theme]}}`);
  return [
    'text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-size:16px;font-weight:600}.group{font-weight:600}',
    '.page{fill:#fff}.grid{stroke:#d8dee4}.tick,.summary{fill:#57606a}',
    ...bars('light'),
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#30363d}.tick,.summary{fill:#9da7b3}',
    ...bars('dark'),
    '}',
  ].join('');
}

function text(x: number, y: number, content: string, className: string, extra: Attributes = {}): string {
  return element('text', { x, y, class: className, ...extra }, content);
}

function across(ms: number, span: number): number {
  return span === 0 ? 0 : (ms / span) * PLOT;
}

/** Long names of pods differ at their end. */
function shorten(label: string): string {
  return label.length <= LABEL_LENGTH ? label : `${label.slice(0, LABEL_LENGTH - 18)}…${label.slice(-17)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
