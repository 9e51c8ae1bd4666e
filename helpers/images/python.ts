import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { namesIn } from '../files.ts';
import { inside } from './inside.ts';
import { architecture } from './key.ts';
import { SUITES } from './recipe.ts';
import type { ImageRecipe } from './recipe.ts';
import { runIsolated } from './sandbox.ts';
import { compilePython, removeMatches } from './system.ts';

/**
 * Installs the Python packages of the image into `root`, which holds the system layer.
 * @returns The packages with their versions, one a line.
 */
export async function buildPython(root: string, recipe: ImageRecipe, signal?: AbortSignal): Promise<string> {
  const { python } = recipe;
  if (python === undefined) throw new Error('The recipe has no Python packages');
  const target = inside(root, python.target);
  if (namesIn(target).length > 0)
    throw new UserError({
      what: `The system layer has something in ${python.target} already`,
      where: join(recipe.folder, 'image.yaml'),
      fix: 'give the Python packages a folder of their own',
    });
  await installLocked(target, python.requirements, recipe, signal);
  await removeScripts(target);
  await removeMatches(target, python.trim);
  await compilePython(root, python.target, signal);
  return (await distributions(target)).map((name) => `${name.replace('-', ' ')}\n`).join('');
}

/**
 * Installs the packages of a lock file of the recipe into the folder `target`. The pip of this machine does it, so that the image needs
 * none; only wheels are taken, since nothing may be compiled for the wrong Python.
 */
export async function installLocked(
  target: string,
  requirements: string,
  { base, folder }: Pick<ImageRecipe, 'base' | 'folder'>,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(target, { recursive: true });
  const pip = [
    'python3',
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--no-input',
    'install',
    '--quiet',
    '--root-user-action=ignore',
  ];
  const locked = ['--require-hashes', '--only-binary=:all:', '--no-deps', '--requirement', join(folder, requirements)];
  // pip compares Requires-Python with the Python that it runs on itself; the lock file was made for the image's.
  const foreign = ['--implementation=cp', `--python-version=${SUITES[base.suite].python}`, '--ignore-requires-python'];
  await runIsolated([...pip, ...locked, ...foreign, ...platforms(base.suite), '--no-compile', '--target', target], {
    signal,
    network: true,
  });
}

/** Every wheel that runs on the image's glibc: for that version, for all before it, and under the names used before 2021. */
function platforms(suite: ImageRecipe['base']['suite']): string[] {
  const { wheel } = architecture();
  const newest = SUITES[suite].glibcMinor;
  const minors = Array.from({ length: newest - 4 }, (_, index) => newest - index);
  const names = [
    ...minors.map((minor) => `manylinux_2_${String(minor)}`),
    'manylinux2014',
    'manylinux2010',
    'manylinux1',
  ];
  return names.map((name) => `--platform=${name}_${wheel}`);
}

/** Commands start with the path of the Python that installed them, which is this machine's: `python3 -m` is the way instead. */
async function removeScripts(target: string): Promise<void> {
  await rm(join(target, 'bin'), { recursive: true, force: true });
  for (const name of await distributions(target)) {
    const record = join(target, `${name}.dist-info`, 'RECORD');
    const lines = (await readFile(record, 'utf8')).split('\n');
    await writeFile(record, lines.filter((line) => !/^(\.\.\/)*bin\//.test(line)).join('\n'));
  }
}

async function distributions(target: string): Promise<string[]> {
  const suffix = '.dist-info';
  return (await readdir(target))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort();
}
