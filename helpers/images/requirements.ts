import type { Mistake } from '../errors.ts';

/** Name, optional extras, exact version, and at least one hash: all that a locked requirement may say. */
const LOCKED = /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?==[^\s;]+(\s+--hash=sha256:[0-9a-f]{64})+$/;

/**
 * Lines of a requirements file that leave open what gets installed. Environment markers are refused too, since pip would
 * answer them for the Python of this machine instead of the image's.
 */
export function requirementMistakes(file: string, text: string): Mistake[] {
  return logicalLines(text)
    .filter(({ line }) => !LOCKED.test(line))
    .map(({ line, number }) => ({
      what: `Not a requirement pinned by version and hash: ${line.slice(0, 80)}`,
      where: `${file}:${String(number)}`,
      fix: 'Write the file with a lock tool, e.g. `uv pip compile --generate-hashes --no-header --no-annotate`',
    }));
}

/** Lines with their continuations joined and comments removed, each with the number of its first physical line. */
function logicalLines(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let open = false;
  text.split('\n').forEach((raw, index) => {
    const part = raw.replace(/(^|\s)#.*$/, '').trim();
    const body = part.replace(/\\$/, '').trim();
    const last = lines.at(-1);
    if (open && last !== undefined) last.line = `${last.line} ${body}`.trim();
    else if (body !== '') lines.push({ line: body, number: index + 1 });
    open = part.endsWith('\\');
  });
  return lines;
}
