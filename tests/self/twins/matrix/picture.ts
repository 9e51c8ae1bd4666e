import { element } from '../../../../helpers/svg.ts';
import type { Matrix } from './report.ts';

/** Side of a square, in px. */
const SIDE = 2;
const LABELS = 150;
const TOP = 44;
const FONT = { 'font-family': 'sans-serif', 'font-size': 7, fill: '#57606a' };
const COLOURS = { own: '#1a7f37', companion: '#d4a72c', unexplained: '#cf222e', grid: '#eaeef2' };

/** Twins downwards and checks across, in the same order: what each twin turns red. Pure. */
export function matrixSvg({ date, checks }: Matrix): string {
  const size = checks.length * SIDE;
  const at = new Map(checks.map(({ id }, index) => [id, index]));
  const square = (row: number, column: number, fill: string) =>
    element('rect', { x: LABELS + column * SIDE, y: TOP + row * SIDE, width: SIDE, height: SIDE, fill });
  const squares = checks.flatMap(({ id, recorded: { verdict, companions } }, row) => [
    ...(verdict === undefined ? [] : [square(row, at.get(id) ?? 0, COLOURS.own)]),
    ...companions.map(({ check, reason }) =>
      square(row, at.get(check) ?? 0, reason === undefined ? COLOURS.unexplained : COLOURS.companion),
    ),
  ]);
  const label = (x: number, y: number, text: string, more = {}) => element('text', { x, y, ...FONT, ...more }, text);
  const key = [
    ['own', 'its own check'],
    ['companion', 'red with it, for a declared reason'],
    ['unexplained', 'red with it, for no reason'],
  ] as const;
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${LABELS + size + 8} ${TOP + size + 8}` },
    [
      element('rect', { width: '100%', height: '100%', fill: '#ffffff' }),
      label(4, 14, `Kill matrix of ${date}: ${checks.length} twins (down) × ${checks.length} checks (across)`, {
        'font-size': 11,
        fill: '#1f2328',
      }),
      ...key.flatMap(([colour, text], index) => [
        element('rect', { x: 4 + index * 150, y: 24, width: 8, height: 8, fill: COLOURS[colour] }),
        label(16 + index * 150, 31, text, { 'font-size': 8 }),
      ]),
      ...blocks(checks).flatMap(({ experiment, from, to }) => [
        element('rect', {
          x: LABELS + from * SIDE,
          y: TOP + from * SIDE,
          width: (to - from) * SIDE,
          height: (to - from) * SIDE,
          fill: COLOURS.grid,
        }),
        // A label needs its own height: of small experiments only the squares are there.
        ...(to - from < 4
          ? []
          : [label(LABELS - 4, TOP + ((from + to) / 2) * SIDE + 2, experiment, { 'text-anchor': 'end' })]),
      ]),
      ...squares,
    ],
  );
}

/** Neighbours that read the same history. */
function blocks(checks: Matrix['checks']): { experiment: string; from: number; to: number }[] {
  const found: { experiment: string; from: number; to: number }[] = [];
  for (const [index, { experiment }] of checks.entries()) {
    const last = found.at(-1);
    if (last?.experiment === experiment) last.to = index + 1;
    else found.push({ experiment, from: index, to: index + 1 });
  }
  return found;
}
