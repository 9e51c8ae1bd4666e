import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { privateKeyIn, publicKeyIn } from '../evidence/package/dsse.ts';
import { isArchive, packagePlaces } from '../evidence/package/names.ts';
import { packEvidence } from '../evidence/package/pack.ts';
import { isPackage, verifyEvidence } from '../evidence/package/verify.ts';
import { writeVerdict } from '../verdict/run-folder.ts';
import { loadStandards } from '../verdict/standards.ts';
import { runFolderOf } from './run-folder.ts';

/** `seatrial evidence`: what a run leaves for those who were not there. */
export function evidenceCommand(): Command {
  const command = new Command('evidence').description('The evidence of a run as one folder and one archive');
  command
    .command('pack')
    .description('Pack histories, manifests, charts, versions and verdict of a run, with a digest of each file')
    .argument('[run]', 'id of a run, or its folder (default: the latest)')
    .option('--sign <key>', 'sign the statement about the package with this private key (PEM, ed25519)')
    .action(pack);
  command
    .command('verify')
    .description('Say what of a package was changed, added or taken away since; end with 1 if anything was')
    .argument('[package]', 'an archive, the folder of a package, a run or its folder (default: the latest run)')
    .option('--key <key>', 'hold the package to a statement that is signed by this public key (PEM, ed25519)')
    .action(verify);
  return command;
}

async function pack(run: string | undefined, { sign }: { sign?: string }): Promise<void> {
  const key = sign === undefined ? undefined : privateKeyIn(sign);
  const folder = runFolderOf(run);
  // A run that was killed has left histories, and no verdict on them.
  if (!existsSync(join(folder, 'verdict.json'))) writeVerdict(folder, await loadStandards());
  const { places, manifest, signed } = await packEvidence(folder, { key });
  for (const { path, line, what } of manifest.masked)
    console.error(`Masked in the package, and still in the run's own folder: ${path}:${String(line)} ${what}`);
  console.log(
    [
      `${String(manifest.files.length)} files of run ${manifest.run}`,
      `  folder      ${places.folder}`,
      `  archive     ${places.archive}`,
      `  statement   ${signed ? `${places.envelope}, signed` : `${places.statement}, not signed`}`,
    ].join('\n'),
  );
}

async function verify(name: string | undefined, { key: file }: { key?: string }): Promise<void> {
  const key = file === undefined ? undefined : publicKeyIn(file);
  const place = placeOf(name);
  const { looked, differences, signed } = await verifyEvidence(place, key);
  for (const difference of differences) console.log(difference);
  if (differences.length > 0) {
    console.log(`${String(differences.length)} differences from what was packed`);
    process.exitCode = 1;
    return;
  }
  console.log(
    `Nothing was changed, added or taken away in ${looked.join(', ')}. ` +
      (signed
        ? 'The statement is signed by this key.'
        : 'No signature was checked: whoever changes files can change digests with them. Sign with `evidence pack --sign`, check with --key.'),
  );
}

/** @throws UserError when there is nothing to verify. */
function placeOf(name: string | undefined): string {
  if (name !== undefined) {
    const path = resolve(name);
    if (existsSync(path) && (isArchive(path) || isPackage(path))) return path;
  }
  const run = runFolderOf(name);
  const { folder, archive } = packagePlaces(run);
  const found = [folder, archive].find((one) => existsSync(one));
  if (found !== undefined) return found;
  throw new UserError({
    what: 'This run has no evidence package',
    where: run,
    fix: 'pack it with `npx seatrial evidence pack`',
  });
}
