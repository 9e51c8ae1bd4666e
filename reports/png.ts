import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

/** Fonts of the suite alone, so that the same drawing gives the same bytes on every machine. */
const FONT = 'DejaVu Sans';
const fontFiles = [
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
].map((url) => fileURLToPath(url));

/** A drawing of `traffic-chart.ts` as PNG, for where no SVG is shown, such as a chat: light, and of the same size. Pure. */
export function pngOf(svg: string): Uint8Array {
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: FONT, sansSerifFamily: FONT };
  return new Resvg(inLight(svg), { font }).render().asPng();
}

/** The renderer knows neither variables nor media queries: the values of the light theme stand where they are used. */
function inLight(svg: string): string {
  const declared = /<style>svg\{(?<light>[^}]*)\}/.exec(svg)?.groups?.light ?? '';
  const colours = new Map(declared.split(';').map((one) => one.split(':', 2) as [string, string]));
  return svg.replace(/<style>.*?<\/style>/s, '').replaceAll(/"var\((--[\w-]+)\)"/g, (whole, name: string) => {
    const colour = colours.get(name);
    return colour === undefined ? whole : `"${colour}"`;
  });
}
