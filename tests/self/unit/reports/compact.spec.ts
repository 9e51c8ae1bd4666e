import { expect, test } from '@playwright/test';
import { renderTrafficChart } from '../../../../reports/traffic-chart.ts';
import { compact } from '../../../../reports/page/compact.ts';
import { flawless } from '../verdict/histories.ts';

const chart = () => {
  const drawn = [...flawless.values()].map(renderTrafficChart).find((svg) => svg !== undefined);
  if (drawn === undefined) throw new Error('no history has traffic');
  return drawn;
};

test.describe('compact drawing', { tag: '@static' }, () => {
  test('should have every symbol in a fraction of the letters', () => {
    const [whole, small] = [chart(), compact(chart())];
    const dots = whole.match(/<path d="M1 0A1 1 [^>]*matrix/g)?.length ?? 0;
    expect(dots).toBeGreaterThan(20);
    // Those of the legend are drawn in the same way.
    expect(small.match(/h0/g)?.length).toBe(dots);
    expect(small.length).toBeLessThan(whole.length / 2);
    expect(small).toContain('<desc id="desc">');
  });

  test('should be the same however many were drawn before', () => {
    expect(compact(chart())).toBe(compact(chart()));
  });

  test('should put each symbol where it was', () => {
    const symbol = (shape: string, x: number, fill = 'red') =>
      `<path d="${shape}" transform="matrix(4.5,0,0,4.5,${String(x)},100.04)" fill="${fill}" fill-opacity="0.8" ecmeta_data_index="1" class="zr1-cls-2"></path>`;
    const diamond = 'M0 -1L1 0L0 1L-1 0Z';
    const circle = 'M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0';
    const lines = [symbol(diamond, 10), symbol(diamond, 20), symbol(circle, 30), symbol(circle, 40, 'blue'), '<g/>'];
    expect(compact(lines.join('\n')).split('\n')).toEqual([
      '<path d="M10 95.5L14.5 100L10 104.5L5.5 100ZM20 95.5L24.5 100L20 104.5L15.5 100Z" fill="red" fill-opacity="0.8"></path>',
      '<path d="M30 100h0" fill="none" stroke="red" stroke-opacity="0.8" stroke-width="9" stroke-linecap="round"></path>',
      '<path d="M40 100h0" fill="none" stroke="blue" stroke-opacity="0.8" stroke-width="9" stroke-linecap="round"></path>',
      '<g/>',
    ]);
  });

  test('should leave alone what it does not know', () => {
    const svg = '<svg>\n<path d="M0 0L5 5" fill="none" stroke="red"></path>\n<text>class of its own</text>\n</svg>';
    expect(compact(svg)).toBe(svg);
  });
});
