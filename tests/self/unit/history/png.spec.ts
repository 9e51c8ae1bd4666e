import { expect, test } from '@playwright/test';
import { pngOf } from '../../../../reports/png.ts';

const drawing = (light: string, dark: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="110" height="56"><title>var(--page) &lt;style></title>` +
  `<style>svg{--page:${light};--text:#111111}@media(prefers-color-scheme:dark){svg{--page:${dark}}}</style>` +
  `<rect width="110" height="56" fill="var(--page)"></rect>` +
  `<text x="5" y="30" fill="var(--text)" style="font-size:12px;font-family:sans-serif;">calls</text></svg>`;

test.describe('A drawing as PNG', { tag: '@static' }, () => {
  test('should have the size of the drawing, and the same bytes each time', () => {
    const png = Buffer.from(pngOf(drawing('#ffffff', '#000000')));
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([110, 56]);
    expect(png.equals(pngOf(drawing('#ffffff', '#000000')))).toBe(true);
  });

  test('should be drawn in the colours of light surroundings', () => {
    const light = Buffer.from(pngOf(drawing('#ffffff', '#000000')));
    expect(light.equals(pngOf(drawing('#ffffff', '#123456')))).toBe(true);
    expect(light.equals(pngOf(drawing('#eeeeee', '#000000')))).toBe(false);
  });
});
