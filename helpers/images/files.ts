import { chmod, chown, cp, lchown, lstat, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageRecipe } from './recipe.ts';

/** Copies the recipe's own files into `root`, with the modes and owners that it asks for. */
export async function copyFiles(root: string, recipe: ImageRecipe): Promise<void> {
  for (const { from, to, mode, owner } of recipe.files) {
    const copy = join(root, to);
    await mkdir(dirname(copy), { recursive: true });
    await cp(join(recipe.folder, from), copy, { recursive: true, dereference: true });
    const [uid = 0, gid = 0] = owner.split(':').map(Number);
    await own(copy, { mode: Number.parseInt(mode, 8), uid, gid });
  }
}

/** Gives `path` and everything below it to one user; folders get the mode 0755. What links lead to is left alone: it may be this machine's. */
export async function own(path: string, as: { mode: number; uid: number; gid: number }): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) {
    await lchown(path, as.uid, as.gid);
    return;
  }
  const folder = found.isDirectory();
  await chown(path, as.uid, as.gid);
  await chmod(path, folder ? 0o755 : as.mode);
  if (folder) for (const name of await readdir(path)) await own(join(path, name), as);
}
