import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageRecipe } from './recipe.ts';

/** Part of every key: raise it when the same recipe would give another image than before. */
const BUILDER_VERSION = 1;

/** Names of this machine's processor: Debian and OCI agree, Python wheels have their own. */
const ARCHITECTURES: Partial<Record<string, { oci: string; wheel: string }>> = {
  x64: { oci: 'amd64', wheel: 'x86_64' },
  arm64: { oci: 'arm64', wheel: 'aarch64' },
};

/** @throws Error on a processor that images are not built for. */
export function architecture(): { oci: string; wheel: string } {
  const found = ARCHITECTURES[process.arch];
  if (found === undefined) throw new Error(`Images are built for amd64 and arm64, not for ${process.arch}`);
  return found;
}

export interface Keys {
  /** Changes with anything that could change the image. */
  image: string;
  system: string;
  /** Undefined when there is no such layer. */
  python: string | undefined;
  built: string | undefined;
  files: string | undefined;
}

/** Content keys of an image and of its layers, each a SHA-256 in hex. Versions of Debian packages are not part of them. */
export function keysOf(recipe: ImageRecipe): Keys {
  const { base, python, files, run, build, trim, folder, ...config } = recipe;
  const system = sha256([BUILDER_VERSION, architecture().oci, base, run, trim]);
  const pythonKey =
    python === undefined
      ? undefined
      : sha256([system, python.target, python.trim, readFileSync(join(folder, python.requirements), 'utf8')]);
  const builtKey =
    build === undefined
      ? undefined
      : sha256([
          pythonKey ?? system,
          build.requirements === undefined ? null : readFileSync(join(folder, build.requirements), 'utf8'),
          build.files.map((from) => [from, contentOf(join(folder, from))]),
          build.run,
          build.output,
        ]);
  const contents = files.map((entry) => [entry.to, entry.mode, entry.owner, contentOf(join(folder, entry.from))]);
  const filesKey = files.length === 0 ? undefined : sha256([BUILDER_VERSION, contents]);
  // Without a build the key is what it was before there were any: images that exist stay as they are.
  const parts =
    build === undefined ? [system, pythonKey, filesKey, config] : [system, pythonKey, builtKey, filesKey, config];
  return { system, python: pythonKey, built: builtKey, files: filesKey, image: sha256(parts) };
}

/** A file's digest, or those of all files in a folder with their paths. */
function contentOf(path: string): unknown {
  if (!statSync(path).isDirectory()) return createHash('sha256').update(readFileSync(path)).digest('hex');
  return readdirSync(path)
    .sort()
    .map((name) => [name, contentOf(join(path, name))]);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
