import { element, type Attributes } from '../svg.ts';
import { plansOutage } from './limits.ts';
import type { Phase, Plan } from './schema.ts';
import { choiceText, planned, strategyName, totalText, trialText } from './text.ts';

/** Lengths in user units, of which the drawing is 1100 wide. */
const WIDTH = 1100;
const LABELS = 230;
const SUMMARIES = 360;
const PLOT = WIDTH - LABELS - SUMMARIES;
const ROW = 26;
const BAR = 14;
const TOP = 92;
/** About as wide as a letter gets, on average. */
const LETTER = 7;

type Colour = 'work' | 'dwell' | 'outage';

const colours: Readonly<Record<Colour, { light: string; dark: string; legend: string }>> = {
  work: { light: '#2563c9', dark: '#6ea8fe', legend: 'work' },
  dwell: { light: '#0f766e', dark: '#45c4b5', legend: 'dwell time, shortened in a trial' },
  outage: { light: '#c62828', dark: '#ff7b72', legend: 'users notice an outage' },
};

/**
 * Draws a plan over time (a Gantt picture), as a self-standing SVG for light and dark surroundings; its text alternative says the same.
 * Pure.
 */
export function planSvg(plan: Plan): string {
  const bottom = TOP + plan.phases.length * ROW;
  const height = bottom + 56;
  const title = `${strategyName(plan.strategy)} deployment of ${plan.target}: ${planned(plan.totals.plannedMs)}`;
  const svg = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    role: 'img',
    'aria-labelledby': 'title desc',
  };
  return element('svg', svg, [
    element('title', { id: 'title' }, title),
    element(
      'desc',
      { id: 'desc' },
      [...choiceText(plan), ...plan.phases.map(sentence(plan)), totalText(plan)].join(' '),
    ),
    element('style', {}, style()),
    element('rect', { width: WIDTH, height, class: 'page' }),
    text(16, 26, title, 'head'),
    text(16, 48, `${plan.choice.requirement}: ${strategyName(plan.choice.strategy)}`, 'summary'),
    legend(plan),
    ...axis(plan, bottom),
    ...plan.phases.flatMap((phase, index) => row(plan, phase, TOP + index * ROW)),
    text(16, height - 12, totalText(plan), 'summary'),
  ]);
}

function sentence({ trialFactor }: Plan) {
  return (phase: Phase): string =>
    `${phase.number}. ${phase.name}: ${planned(phase.plannedMs)} from ${planned(phase.startMs)}, ${trialText(phase, trialFactor)}; rollback: ${phase.rollback.text}.`;
}

function row(plan: Plan, phase: Phase, y: number): string[] {
  const box = {
    x: round(LABELS + across(phase.startMs, plan)),
    y: y + (ROW - BAR) / 2,
    width: round(across(phase.plannedMs, plan)),
    height: BAR,
    rx: 2,
    class: colourOf(phase),
  };
  const middle = y + ROW / 2 + 4;
  return [
    text(16, middle, `${phase.number}. ${phase.name}`, 'label'),
    element('rect', box, [element('title', {}, sentence(plan)(phase))]),
    text(LABELS + PLOT + 12, middle, summary(phase), 'summary'),
  ];
}

function summary({ plannedMs, dwell, trialMs, candidateShare }: Phase): string {
  const trial = dwell ? `, ${planned(trialMs)} in a trial` : '';
  return `${planned(plannedMs)}${trial}; then ${round(candidateShare)} % on the candidate`;
}

function colourOf({ dwell, expectations }: Phase): Colour {
  if (plansOutage({ expectations })) return 'outage';
  return dwell ? 'dwell' : 'work';
}

function axis(plan: Plan, bottom: number): string[] {
  return ticks(plan.totals.plannedMs).flatMap((ms) => {
    const x = round(LABELS + across(ms, plan));
    return [
      element('line', { x1: x, x2: x, y1: TOP - 4, y2: bottom, class: 'grid' }),
      text(x, bottom + 16, ms === 0 ? '0' : planned(ms), 'tick', { 'text-anchor': 'middle' }),
    ];
  });
}

/** Round minutes that split `span` (ms) into at most eight parts. */
function ticks(span: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((minutes) => minutes * 60_000);
  const step = steps.find((candidate) => span / candidate <= 8) ?? span;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
}

function legend({ phases }: Plan): string {
  const used = (Object.keys(colours) as Colour[]).filter((colour) =>
    phases.some((phase) => colourOf(phase) === colour),
  );
  let x = 16;
  const entries = used.flatMap((colour) => {
    const meaning = colours[colour].legend;
    const entry = [
      element('rect', { x, y: 62, width: BAR, height: BAR, rx: 2, class: colour }),
      text(x + BAR + 5, 73, meaning, 'tick'),
    ];
    x += BAR + 25 + meaning.length * LETTER;
    return entry;
  });
  return element('g', {}, entries);
}

function style(): string {
  const bars = (theme: 'light' | 'dark') =>
    Object.entries(colours).map(([name, colour]) => `.${name}{fill:${colour[theme]}}`);
  return [
    'text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-size:16px;font-weight:600}',
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

function across(ms: number, { totals }: Plan): number {
  return (ms / totals.plannedMs) * PLOT;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
