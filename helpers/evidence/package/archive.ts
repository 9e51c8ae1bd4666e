import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Gzip } from 'fflate';
import tar from 'tar-stream';
import { byCodeUnits } from '../../files.ts';
import type { PackedFile } from './manifest.ts';

/** What is compressed at a time, in bytes: always the same, since the result depends on it. */
const BLOCK = 1 << 20;

/**
 * Writes files below `folder` into one gzipped tar. The same files give the same bytes on every machine: names are sorted, owners and modes
 * are fixed, every file is as old as `moment` says, and the compression is plain JavaScript (zlib's output depends on the processor).
 * @param root folder that everything lies in, in the archive. @param moment in ms since the epoch.
 */
export async function writeArchive(
  file: string,
  { folder, paths, root, moment }: { folder: string; paths: readonly string[]; root: string; moment: number },
): Promise<void> {
  const pack = tar.pack();
  const mtime = new Date(Math.floor(moment / 1000) * 1000);
  const fill = async () => {
    for (const path of paths.toSorted(byCodeUnits)) {
      const full = join(folder, path);
      const mode = path.endsWith('.sh') ? 0o755 : 0o644;
      const entry = pack.entry({ name: `${root}/${path}`, size: (await stat(full)).size, mode, mtime, uid: 0, gid: 0 });
      await pipeline(createReadStream(full), entry);
    }
    pack.finalize();
  };
  await Promise.all([fill(), pipeline(pack, compress, createWriteStream(file))]);
}

async function* compress(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => ready.push(chunk));
  for await (const block of inBlocks(source)) {
    gzip.push(block);
    yield* ready;
    ready = [];
  }
  gzip.push(new Uint8Array(0), true);
  yield* ready;
}

/** @param source a stream of bytes. */
async function* inBlocks(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    pending.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size < BLOCK) continue;
    let joined = Buffer.concat(pending);
    for (; joined.length >= BLOCK; joined = joined.subarray(BLOCK)) yield joined.subarray(0, BLOCK);
    pending = [joined];
    size = joined.length;
  }
  if (size > 0) yield Buffer.concat(pending);
}

/** What an archive holds. Nothing is written to disk, so that a name in it can lead nowhere. */
export interface ReadArchive {
  files: PackedFile[];
  /** Text of the file of that name below the one folder of the archive. */
  texts: Map<string, string>;
  /** What no archive of this suite has: links, names that lead elsewhere, a name twice. */
  oddities: string[];
}

/**
 * Reads an archive through. @param wanted paths whose text is kept.
 * @throws Error when it cannot be unpacked.
 */
export async function readArchive(file: string, wanted: readonly string[]): Promise<ReadArchive> {
  const extract = tar.extract();
  const read: ReadArchive = { files: [], texts: new Map(), oddities: [] };
  const roots = new Set<string>();
  const collect = async () => {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      const [root = '', ...rest] = name.split('/');
      const path = rest.join('/');
      roots.add(root);
      if (type !== 'file' || path === '' || rest.some((part) => part === '..' || part === '')) {
        read.oddities.push(`${name} is no plain file of the package (${type})`);
      }
      if (read.files.some((known) => known.path === path)) read.oddities.push(`${name} is there twice`);
      read.files.push(await digest(entry, path, wanted.includes(path) ? read.texts : undefined));
    }
  };
  await Promise.all([pipeline(createReadStream(file), createGunzip(), extract), collect()]);
  if (roots.size > 1) read.oddities.push(`it has more than one folder: ${[...roots].join(', ')}`);
  return read;
}

/** @param entry a stream of bytes. */
async function digest(
  entry: AsyncIterable<unknown>,
  path: string,
  texts: Map<string, string> | undefined,
): Promise<PackedFile> {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of entry) {
    const bytes = chunk as Uint8Array;
    hash.update(bytes);
    size += bytes.length;
    if (texts !== undefined) kept.push(bytes);
  }
  texts?.set(path, Buffer.concat(kept).toString());
  return { path, size, sha256: hash.digest('hex') };
}
