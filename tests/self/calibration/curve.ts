import { element } from '../../../helpers/svg.ts';
import type { Detected } from './detection.ts';

/** Lengths in pixels. */
const WIDTH = 760;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = 24;
const TOP = 40;
const BOTTOM = 56;
const TICKS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const SHARES = [0, 0.25, 0.5, 0.75, 1];

const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.grid{stroke:#d8dee4}.curve{stroke:#2563c9;fill:none;stroke-width:2}.bar{stroke:#2563c9}.dot{fill:#2563c9}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.curve,.bar{stroke:#6ea8fe}.dot{fill:#6ea8fe}}`;

/** Share of the outages that were found by their length (logarithmic), with its exact 95 % interval, as an SVG for light and dark surroundings. Pure. */
export function curve(outages: readonly Detected[]): string {
  const points = outages.toSorted((a, b) => a.durationMs - b.durationMs);
  const longest = Math.max(2, ...points.map(({ durationMs }) => durationMs));
  const x = (ms: number) => LEFT + (Math.log(ms) / Math.log(longest)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const line = (kind: string, x1: number, y1: number, x2: number, y2: number) =>
    element('line', { class: kind, x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) });
  const label = (text: string, at: { x: number; y: number; anchor: string }) =>
    element('text', { x: round(at.x), y: round(at.y), 'text-anchor': at.anchor }, text);
  const title = 'Outages found, by their length, with exact 95 % intervals';
  const told = points.map(({ durationMs, found, injected }) => `${durationMs} ms: ${found} of ${injected}`).join(', ');
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    [
      element('title', { id: 'title' }, title),
      element('desc', { id: 'desc' }, told),
      element('style', {}, style),
      ...SHARES.flatMap((share) => [
        line('grid', LEFT, y(share), WIDTH - RIGHT, y(share)),
        label(`${share * 100} %`, { x: LEFT - 8, y: y(share) + 4, anchor: 'end' }),
      ]),
      ...TICKS_MS.filter((ms) => ms <= longest).flatMap((ms) => [
        line('grid', x(ms), TOP, x(ms), HEIGHT - BOTTOM),
        label(String(ms), { x: x(ms), y: HEIGHT - BOTTOM + 20, anchor: 'middle' }),
      ]),
      label('length of the outage, ms', { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 12, anchor: 'middle' }),
      label('share found', { x: 8, y: 22, anchor: 'start' }),
      element('polyline', {
        class: 'curve',
        points: points
          .map(({ durationMs, found, injected }) => `${round(x(durationMs))},${round(y(found / injected))}`)
          .join(' '),
      }),
      ...points.flatMap(({ durationMs, share, found, injected }) => [
        line('bar', x(durationMs), y(share.from), x(durationMs), y(share.to)),
        element('circle', { class: 'dot', cx: round(x(durationMs)), cy: round(y(found / injected)), r: 4 }),
      ]),
    ],
  );
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}
