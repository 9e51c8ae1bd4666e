import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { EPOCH_S, runIsolated } from './sandbox.ts';

/** A packed layer, as an OCI manifest and config describe it. */
export interface PackedLayer {
  /** Digest of the compressed file: its name in a registry. */
  digest: string;
  /** Digest of the tar inside. */
  diffId: string;
  /** Bytes of the compressed file. */
  size: number;
}

/**
 * Packs `paths` below `root` into the gzipped tar `file`. The same tree gives the same bytes: names are sorted, owners are numeric, and
 * no file is newer than the epoch.
 */
export async function packLayer(
  root: string,
  paths: string[],
  file: string,
  signal?: AbortSignal,
): Promise<PackedLayer> {
  const tar = `${file}.tar`;
  await runIsolated(tarCommand(root, paths, tar), { signal, network: false });
  const diffId = await sha256OfFile(tar);
  // Fast rather than small: layers travel to a registry on the same machine. gzip itself, since its bytes do not depend on the CPU.
  await runIsolated(['sh', '-c', 'gzip -n -1 <"$0" >"$1"', tar, file], { signal, network: false });
  await rm(tar);
  return { digest: await sha256OfFile(file), diffId, size: (await stat(file)).size };
}

/** What writes `paths` below `root` into the file `tar`. A name that begins with a dash is a name: tar has options that run commands. */
export function tarCommand(root: string, paths: readonly string[], tar: string): string[] {
  const reproducible = [
    '--sort=name',
    `--mtime=@${String(EPOCH_S)}`,
    '--clamp-mtime',
    '--numeric-owner',
    '--format=gnu',
  ];
  return ['tar', ...reproducible, '-C', root, '-cf', tar, '--', ...paths];
}

/** Unpacks what `packLayer` packed. */
export async function unpackLayer(file: string, root: string, signal?: AbortSignal): Promise<void> {
  await runIsolated(['tar', '-C', root, '--numeric-owner', '-xpzf', file], { signal, network: false });
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}
