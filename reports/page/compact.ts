/** A symbol as the plotting library draws it: a path of its own for each point, scaled and moved into place. */
const SYMBOL =
  /^<path d="([^"]+)" transform="matrix\(([\d.]+),0,0,\2,(-?[\d.]+),(-?[\d.]+)\)" fill="([^"]+)"( fill-opacity="[^"]+")?><\/path>$/;

/** How a full circle around the origin begins, however it is closed. */
const CIRCLE = 'M1 0A1 1 ';

/** A shape of straight lines. */
const POLYGON = /^M(-?[\d.]+) (-?[\d.]+)((?:L-?[\d.]+ -?[\d.]+)+)Z?$/;

interface Run {
  key: string;
  head: string;
  points: string[];
}

/**
 * The same drawing in a fraction of the letters, and the same letters whatever was drawn before: without what only a page with the library
 * in it could use, and with all symbols of a kind that follow one another as one path. What it does not know it leaves as it is. Pure.
 */
export function compact(svg: string): string {
  const plain = svg
    .replaceAll(/<style >\s*<!\[CDATA\[.*?\]\]>\s*<\/style>\n?/gs, '')
    .replaceAll(/ (?:ecmeta_\w+="[^"<>]*"|class="zr\d+-cls-\d+"|pointer-events="visible"|xml:space="preserve")/g, '');
  const lines: string[] = [];
  let run: Run | undefined;
  const flush = () => {
    if (run !== undefined) lines.push(`<path d="${run.points.join('')}"${run.head}></path>`);
    run = undefined;
  };
  for (const line of plain.split('\n')) {
    const symbol = symbolIn(line);
    if (symbol?.key !== run?.key) flush();
    if (symbol === undefined) lines.push(line);
    else if (run === undefined) run = symbol;
    else run.points.push(...symbol.points);
  }
  flush();
  return lines.join('\n');
}

function symbolIn(line: string): Run | undefined {
  const [, shape = '', scale = '', x = '', y = '', fill = '', opacity = ''] = SYMBOL.exec(line) ?? [];
  if (shape.startsWith(CIRCLE)) {
    // A line of no length with round ends.
    const stroke = opacity.replace('fill-', 'stroke-');
    const head = ` fill="none" stroke="${fill}"${stroke} stroke-width="${round(2 * Number(scale))}" stroke-linecap="round"`;
    return { key: head, head, points: [`M${round(Number(x))} ${round(Number(y))}h0`] };
  }
  const [, startX = '', startY = '', rest = ''] = POLYGON.exec(shape) ?? [];
  if (startX === '') return undefined;
  const corner = (dx: string, dy: string) =>
    `${round(Number(x) + Number(dx) * Number(scale))} ${round(Number(y) + Number(dy) * Number(scale))}`;
  const others = rest
    .slice(1)
    .split('L')
    .map((point) => {
      const [dx = '0', dy = '0'] = point.split(' ');
      return `L${corner(dx, dy)}`;
    });
  const head = ` fill="${fill}"${opacity}`;
  return { key: `${shape}${head}`, head, points: [`M${corner(startX, startY)}${others.join('')}Z`] };
}

/** A tenth of a pixel cannot be seen. */
function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
