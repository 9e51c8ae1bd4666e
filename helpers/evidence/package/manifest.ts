import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import { byCodeUnits } from '../../files.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const file = z.object({
  path: z.string().describe('Relative to the folder of the package, with slashes'),
  size: z.int().min(0).describe('In bytes'),
  sha256,
});

/** `manifest.json` of an evidence package. */
export const evidenceSchema = z.object({
  schema: z.literal('https://seatrial.dev/schemas/evidence/v1'),
  run: z.string().describe('Id of the run'),
  complete: z.boolean().describe('False when the run ended early'),
  files: z.array(file).describe('Every file of the package but this one, sorted by path'),
  masked: z
    .array(z.object({ path: z.string(), line: z.int().min(1), what: z.string() }))
    .describe('Where something that looked like a secret was masked while packing; what it was is not told'),
});

export type EvidenceManifest = z.infer<typeof evidenceSchema>;
export type PackedFile = z.infer<typeof file>;

/** Size and digest of files below `folder`, sorted by path. */
export async function describeFiles(folder: string, paths: readonly string[]): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for (const path of paths.toSorted(byCodeUnits)) {
    const full = join(folder, path);
    files.push({ path, size: (await stat(full)).size, sha256: await sha256OfFile(full) });
  }
  return files;
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @returns the manifest, or why the text is none. */
export function parseManifest(text: string): EvidenceManifest | { problem: string } {
  try {
    const read = evidenceSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : { problem: z.prettifyError(read.error) };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
