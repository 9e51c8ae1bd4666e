import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { isCredentialName } from '../../gitops/tree/credential-names.ts';
import { Redactor } from '../../kubernetes/redact.ts';
import { shapes } from '../../kubernetes/secret-shapes.ts';

/** Something that looked like a secret. Never which. */
export interface Masked {
  line: number;
  what: string;
}

/** A shorter value, or a plain word, is no secret that could be told from the text around it. */
const SHORTEST = 8;

/** Knows the values of environment variables that hold a credential, going by their names. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): Redactor {
  const redactor = new Redactor();
  for (const [name, value = ''] of Object.entries(env)) {
    if (!isCredentialName(name) || value.length < SHORTEST || /^[a-z]+$/i.test(value)) continue;
    // `PWD` is the folder that somebody stands in, and others name the file that holds the secret.
    if (!isAbsolute(value) || !existsSync(value)) redactor.add(value);
  }
  return redactor;
}

/** Masks one line. `inKey`: the line belongs to the body of a private key that began on an earlier one. */
export function maskLine(
  line: string,
  redactor: Redactor,
  inKey = false,
): { text: string; what: string[]; inKey: boolean } {
  if (inKey && /^[\sA-Za-z0-9+/=:,.-]*$/.test(line)) {
    const ends = line.includes('-----END ');
    return { text: line.endsWith('\n') ? '\n' : '', what: [], inKey: !ends };
  }
  const what: string[] = [];
  let text = redactor.known(line);
  if (text !== line) what.push('value of an environment variable');
  for (const shape of shapes) {
    const masked = text.replaceAll(shape.pattern, shape.instead);
    if (masked !== text) what.push(shape.what);
    text = masked;
  }
  return { text: keepEnd(line, text), what, inKey: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\s*$/.test(line) };
}

/** A pattern may have swallowed the end of the line. */
function keepEnd(line: string, text: string): string {
  return line.endsWith('\n') && !text.endsWith('\n') ? `${text}\n` : text;
}

/** What looks like a secret in a file; nothing in what is no text. */
export async function findSecrets(file: string, redactor: Redactor): Promise<Masked[]> {
  const found: Masked[] = [];
  let number = 0;
  let inKey = false;
  for await (const line of linesOf(file)) {
    number++;
    if (line.includes('\0')) return [];
    const masked = maskLine(line, redactor, inKey);
    inKey = masked.inKey;
    found.push(...masked.what.map((what) => ({ line: number, what })));
  }
  return found;
}

/** Writes `file` to `target` with everything masked that `findSecrets` finds. */
export async function writeMasked(file: string, target: string, redactor: Redactor): Promise<void> {
  const output = await open(target, 'w');
  try {
    let inKey = false;
    for await (const line of linesOf(file)) {
      const masked = maskLine(line, redactor, inKey);
      inKey = masked.inKey;
      await output.write(masked.text);
    }
  } finally {
    await output.close();
  }
}

/** The lines of a file, each with its end: together they are the file. Histories may be too long to be held in one text. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const lines = (rest + decoder.write(chunk as Buffer)).split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') === true ? '' : (lines.pop() ?? '');
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
