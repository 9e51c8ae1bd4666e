import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { entriesBelow } from '../../files.ts';
import { readArchive } from './archive.ts';
import { envelopeSchema, openEnvelope } from './dsse.ts';
import { describeFiles, parseManifest, sha256OfFile } from './manifest.ts';
import type { PackedFile } from './manifest.ts';
import { INDEX, isArchive, MANIFEST, placesBeside } from './names.ts';
import { IN_TOTO, statementSchema } from './statement.ts';
import type { Statement } from './statement.ts';

/** What verifying a package came to. */
export interface Verification {
  /** What was looked at. */
  looked: string[];
  /** What differs from what was packed; a sentence each. Empty: nothing does. */
  differences: string[];
  /** The statement is signed by the key that was given. */
  signed: boolean;
}

/**
 * Looks whether a package is as it was packed: its files against its manifest, manifest and archive against the statement, and with a key
 * the statement against its signature. Changes nothing.
 * @param place folder of a package, or archive.
 */
export async function verifyEvidence(place: string, key?: KeyObject): Promise<Verification> {
  const found: Verification = { looked: [], differences: [], signed: false };
  const places = placesBeside(isArchive(place) ? place : `${place.replace(/\/+$/, '')}.tar.gz`);
  const statement = statementFrom(places, key, found);
  const given = isArchive(place) ? [places.archive] : [place, places.archive].filter((one) => existsSync(one));
  for (const one of given) {
    found.looked.push(one);
    const differences = isArchive(one) ? await inArchive(one, statement) : await inFolder(one, statement);
    found.differences.push(...differences.map((difference) => `${basename(one)}: ${difference}`));
  }
  return found;
}

/** The statement that the package is held to: the signed one where a key is given, whatever lies beside it. */
function statementFrom(
  { statement: file, envelope, folder }: ReturnType<typeof placesBeside>,
  key: KeyObject | undefined,
  found: Verification,
): Statement | undefined {
  const loose = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (loose !== undefined) found.looked.push(file);
  const signed = key === undefined ? undefined : openedWith(key, envelope, found);
  if (key !== undefined && signed === undefined) return undefined;
  if (signed !== undefined && loose !== undefined && signed !== loose)
    found.differences.push(`${basename(file)}: is not the statement that was signed`);
  const text = signed ?? loose;
  if (text === undefined) {
    // Only what lies where it was packed must have one: a folder may be unpacked anywhere.
    if (existsSync(`${folder}.tar.gz`)) found.differences.push(`${basename(file)}: is not there`);
    return undefined;
  }
  const read = parsed(text, (value) => statementSchema.safeParse(value).data);
  if (read === undefined) found.differences.push(`${basename(file)}: cannot be read`);
  return read;
}

function openedWith(key: KeyObject, file: string, found: Verification): string | undefined {
  if (!existsSync(file)) {
    found.differences.push(`${basename(file)}: is not there, so nothing is signed`);
    return undefined;
  }
  found.looked.push(file);
  const envelope = parsed(readFileSync(file, 'utf8'), (value) => envelopeSchema.safeParse(value).data);
  const text = envelope?.payloadType === IN_TOTO ? openEnvelope(envelope, key) : undefined;
  if (text === undefined) found.differences.push(`${basename(file)}: is not signed by this key`);
  else found.signed = true;
  return text;
}

async function inArchive(archive: string, statement: Statement | undefined): Promise<string[]> {
  const name = basename(archive);
  // The statement names the archive as it was called then; that it was renamed changes nothing.
  const subject = statement?.subject.find((one) => isArchive(one.name));
  const digest = await sha256OfFile(archive);
  const changed = statement !== undefined && subject?.digest.sha256 !== digest;
  const differences = changed ? [`${name} is not the archive that the statement is about`] : [];
  try {
    const { files, texts, oddities } = await readArchive(archive, [MANIFEST]);
    return [...differences, ...oddities, ...againstManifest(files, texts.get(MANIFEST), statement)];
  } catch (thrown) {
    return [...differences, `it cannot be unpacked: ${messageOf(thrown)}`];
  }
}

async function inFolder(folder: string, statement: Statement | undefined): Promise<string[]> {
  const entries = entriesBelow(folder);
  const files = await describeFiles(
    folder,
    entries.filter(({ isFile }) => isFile).map(({ path }) => path),
  );
  const odd = entries.filter(({ isFile }) => !isFile).map(({ path }) => `${path}: is no plain file`);
  const manifest = join(folder, MANIFEST);
  const text = existsSync(manifest) ? readFileSync(manifest, 'utf8') : undefined;
  return [...odd, ...againstManifest(files, text, statement)];
}

/** Pure. @param files what is there, the manifest included. */
function againstManifest(
  files: readonly PackedFile[],
  text: string | undefined,
  statement: Statement | undefined,
): string[] {
  if (text === undefined) return [`${MANIFEST}: is not there`];
  const manifest = parseManifest(text);
  if ('problem' in manifest) return [`${MANIFEST}: ${manifest.problem}`];
  const own = files.find(({ path }) => path === MANIFEST);
  const stated = statement?.subject.find(({ name }) => name === MANIFEST)?.digest.sha256;
  const there = new Map(files.map((file) => [file.path, file]));
  const listed = new Set([MANIFEST, ...manifest.files.map(({ path }) => path)]);
  return [
    ...(statement !== undefined && stated !== own?.sha256 ? [`${MANIFEST}: was changed`] : []),
    ...manifest.files.flatMap(({ path, size, sha256 }) => {
      const found = there.get(path);
      if (found === undefined) return [`${path}: was taken away`];
      return found.sha256 === sha256 && found.size === size ? [] : [`${path}: was changed`];
    }),
    ...files.filter(({ path }) => !listed.has(path)).map(({ path }) => `${path}: was added`),
  ];
}

function parsed<T>(text: string, read: (value: unknown) => T | undefined): T | undefined {
  try {
    return read(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether a folder is that of a package, and not that of a run; one without a manifest is a damaged package. */
export function isPackage(folder: string): boolean {
  return [MANIFEST, INDEX].some((name) => existsSync(join(folder, name)));
}
