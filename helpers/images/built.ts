import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { own } from './files.ts';
import { inside } from './inside.ts';
import { installLocked } from './python.ts';
import type { ImageRecipe } from './recipe.ts';
import { runInRootWithDevices } from './sandbox.ts';

/** Where the commands of a build run, in the image; gone afterwards. */
const WORKPLACE = '/build';
const PACKAGES = `${WORKPLACE}/packages`;

/**
 * Runs the build of a recipe in `root`, which holds the layers below. The commands find their files in the working folder, and the packages
 * that only they need before those of the image.
 * @throws UserError when they leave nothing where they were to.
 */
export async function buildOutput(root: string, recipe: ImageRecipe, signal?: AbortSignal): Promise<void> {
  const { build, python, folder } = recipe;
  if (build === undefined) throw new Error('The recipe builds nothing');
  const workplace = inside(root, WORKPLACE);
  await mkdir(workplace, { recursive: true });
  for (const from of build.files)
    await cp(join(folder, from), inside(root, join(WORKPLACE, from)), { recursive: true, dereference: true });
  if (build.requirements !== undefined) await installLocked(inside(root, PACKAGES), build.requirements, recipe, signal);
  const output = inside(root, build.output);
  await mkdir(output, { recursive: true });
  const modules = [
    ...(build.requirements === undefined ? [] : [PACKAGES]),
    ...(python === undefined ? [] : [python.target]),
  ];
  for (const command of build.run) {
    await runInRootWithDevices(root, ['env', '-C', WORKPLACE, `PYTHONPATH=${modules.join(':')}`, ...command], signal);
  }
  await rm(inside(root, WORKPLACE, { follow: false }), { recursive: true });
  // The commands may have put a link there instead.
  inside(root, build.output);
  if ((await readdir(output)).length === 0) {
    throw new UserError({
      what: `The build left nothing in ${build.output}`,
      where: join(folder, 'image.yaml'),
      fix: 'correct the commands or `output`',
    });
  }
  await own(output, { mode: 0o644, uid: 0, gid: 0 });
}
