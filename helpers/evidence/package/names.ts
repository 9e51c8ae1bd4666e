import { basename, join } from 'node:path';

/** Where the package of a run lies in the run's folder, as a folder and as one file, and what is said about it. */
const NAME = 'evidence-package';

export interface PackagePlaces {
  folder: string;
  archive: string;
  /** In-toto statement about the archive and the manifest. */
  statement: string;
  /** The same statement, signed: a DSSE envelope. */
  envelope: string;
}

export function packagePlaces(runFolder: string): PackagePlaces {
  return placesBeside(join(runFolder, `${NAME}.tar.gz`));
}

/** Of an archive that may have been moved somewhere else, with what belongs to it beside it. */
export function placesBeside(archive: string): PackagePlaces {
  const base = archive.replace(/\.tar\.gz$|\.tgz$/, '');
  return { folder: base, archive, statement: `${base}.statement.json`, envelope: `${base}.dsse.json` };
}

/** The one folder in the archive of a run. */
export function archiveRoot(run: string): string {
  return `seatrial-evidence-${run}`;
}

/** Lists every other file of the package. */
export const MANIFEST = 'manifest.json';

/** What is in the package, for a person. */
export const INDEX = 'INDEX.md';

export function isArchive(path: string): boolean {
  return /\.(tar\.gz|tgz)$/.test(basename(path));
}
