import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { readVerdict } from '../../verdict/verdict-file.ts';
import { readRunFolder } from '../../verdict/run-folder.ts';
import { runSpan } from '../../verdict/views/run.ts';
import { writeArchive } from './archive.ts';
import { contentsOf } from './contents.ts';
import { signEnvelope } from './dsse.ts';
import { describeFiles, sha256OfFile } from './manifest.ts';
import type { EvidenceManifest, PackedFile } from './manifest.ts';
import { findSecrets, secretsOf, writeMasked } from './mask.ts';
import { archiveRoot, MANIFEST, packagePlaces } from './names.ts';
import type { PackagePlaces } from './names.ts';
import type { Source } from './source.ts';
import { IN_TOTO, statementOf } from './statement.ts';

interface PackOptions {
  /** Private key (ed25519) that the statement is signed with. */
  key?: KeyObject | undefined;
  /** Its variables that hold credentials, going by their names, must not appear in the package. */
  env?: Readonly<Record<string, string | undefined>>;
}

export interface Packed {
  places: PackagePlaces;
  manifest: EvidenceManifest;
  signed: boolean;
}

/**
 * Packs the evidence of a run into one folder and one archive, with a statement about both. The same run gives the same bytes. What was
 * there before is replaced at the end, so that a reader never sees half a package.
 * @throws UserError when the run has no verdict. @throws Error when nothing can be written.
 */
export async function packEvidence(runFolder: string, { key, env = process.env }: PackOptions = {}): Promise<Packed> {
  const verdict = readVerdict(join(runFolder, 'verdict.json'));
  const run = readRunFolder(runFolder);
  const places = packagePlaces(runFolder);
  const draft = join(runFolder, `.${basename(places.folder)}.${String(process.pid)}`);
  try {
    const contents = contentsOf(runFolder, run, verdict);
    const masked = await fill(draft, contents, env);
    const files = await describeFiles(draft, [...contents.keys()]);
    const manifest: EvidenceManifest = {
      schema: 'https://seatrial.dev/schemas/evidence/v1',
      run: verdict.run,
      complete: verdict.complete,
      files,
      masked,
    };
    await writeFile(join(draft, MANIFEST), json(manifest));
    const paths = [...files.map(({ path }) => path), MANIFEST];
    const moment = runSpan(run).stop;
    await writeArchive(`${draft}.tar.gz`, { folder: draft, paths, root: archiveRoot(verdict.run), moment });
    const described = [
      { name: basename(places.archive), digest: { sha256: await sha256OfFile(`${draft}.tar.gz`) } },
      { name: MANIFEST, digest: { sha256: await sha256OfFile(join(draft, MANIFEST)) } },
    ];
    const statement = json(statementOf(verdict, described, configurationOf(files)));
    await replace(draft, places);
    await writeFile(places.statement, statement);
    await rm(places.envelope, { force: true });
    if (key !== undefined) await writeFile(places.envelope, json(signEnvelope(statement, IN_TOTO, key)));
    return { places, manifest, signed: key !== undefined };
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(`${draft}.tar.gz`, { force: true });
  }
}

/** Writes the files of a package. @returns where something was masked. */
async function fill(
  folder: string,
  contents: ReadonlyMap<string, Source>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<EvidenceManifest['masked']> {
  const secrets = secretsOf(env);
  const masked: EvidenceManifest['masked'] = [];
  for (const [path, source] of contents) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const written = 'text' in source ? `${target}.unmasked` : source.file;
    if ('text' in source) await writeFile(written, source.text);
    const found = await findSecrets(written, secrets);
    masked.push(...found.map((one) => ({ path, ...one })));
    if (found.length === 0) await copyFile(written, target);
    else await writeMasked(written, target, secrets);
    if ('text' in source) await rm(written);
  }
  return masked;
}

/** What the run was told to do. */
function configurationOf(files: readonly PackedFile[]) {
  return files
    .filter(({ path }) => path === 'run.json' || path.startsWith('target/'))
    .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } }));
}

async function replace(draft: string, places: PackagePlaces): Promise<void> {
  await rm(places.folder, { recursive: true, force: true });
  await rename(draft, places.folder);
  await rename(`${draft}.tar.gz`, places.archive);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
