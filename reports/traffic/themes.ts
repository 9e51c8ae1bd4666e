import { element } from '../timeline/svg.ts';

/** Drawn with stand-ins, which become variables: one drawing for light and dark surroundings. */
export const colours = {
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

/** The drawing with a variable for each stand-in, and what it is in each theme. */
export function inBothThemes(svg: string): string {
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
