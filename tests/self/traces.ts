import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { filesBelow } from '../../helpers/files.ts';

/** Reports hold archives that hold pages that hold texts: no artefact is deeper. */
const DEEPEST = 4;
/** Longer runs of letters and digits are programs, pictures and archives: what is in them begins where they begin. In characters. */
const LONGEST_SHIFTED = 2_000;

/** `path: name` for each of the texts that lies in a file below `folder`, in whatever form: as it is, encoded, packed, or one in the other. */
export function tracesIn(folder: string, wanted: Readonly<Record<string, string>>): string[] {
  return filesBelow(folder).flatMap((path) =>
    tracesOf(readFileSync(join(folder, path)), wanted).map((name) => `${path}: ${name}`),
  );
}

/** Names of the texts that lie in `content`. */
export function tracesOf(content: Buffer, wanted: Readonly<Record<string, string>>): string[] {
  const found = new Set<string>();
  const forms = Object.entries(wanted).map(([name, text]) => ({
    name,
    forms: [Buffer.from(text), Buffer.from(Buffer.from(text).toString('hex'))],
  }));
  const look = (bytes: Buffer, depth: number) => {
    for (const { name, forms: all } of forms) if (all.some((form) => bytes.includes(form))) found.add(name);
    if (depth < DEEPEST) for (const inner of unpacked(bytes)) look(inner, depth + 1);
  };
  look(content, 0);
  return [...found];
}

/** What is packed or encoded in these bytes. */
function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.length < 8) return [];
  if (bytes.readUInt16BE(0) === 0x1f8b) return attempt(() => [gunzipSync(bytes)]);
  if (bytes.readUInt32BE(0) === 0x504b0304)
    return attempt(() => Object.values(unzipSync(bytes)).map((file) => Buffer.from(file)));
  // A picture, a font or a program holds no text.
  if (bytes.subarray(0, 64).includes(0)) return [];
  const text = bytes.toString('latin1');
  return [...decoded(text), ...inBase64(text)];
}

/** URL-encoding, escapes of JSON, entities of HTML: undone together, where there are any. */
function decoded(text: string): Buffer[] {
  const character = (_: string, code: string) => String.fromCharCode(Number.parseInt(code, 16));
  const plain = text
    .replaceAll(/(?:%|\\u00|&#x)([0-9a-f]{2});?/gi, character)
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');
  return plain === text ? [] : [Buffer.from(plain, 'latin1')];
}

/** A run may begin before what was encoded does: `user` in front of it is no part of it. */
function inBase64(text: string): Buffer[] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)].flatMap(([run]) => {
    const shifts = run.length > LONGEST_SHIFTED ? [0] : [0, 1, 2, 3];
    return shifts.map((shift) => Buffer.from(run.slice(shift).replaceAll('-', '+').replaceAll('_', '/'), 'base64'));
  });
}

function attempt(unpack: () => Buffer[]): Buffer[] {
  try {
    return unpack();
  } catch {
    return [];
  }
}
