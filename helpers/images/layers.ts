import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packLayer, unpackLayer } from './archive.ts';
import type { PackedLayer } from './archive.ts';
import { buildOutput } from './built.ts';
import { copyFiles } from './files.ts';
import type { Keys } from './key.ts';
import { buildPython } from './python.ts';
import type { ImageRecipe } from './recipe.ts';
import { buildSystem } from './system.ts';
import { fillOnce } from './workspace.ts';

/** A layer in the cache. */
export interface CachedLayer extends PackedLayer {
  file: string;
  /** Packages that went in with their versions, one a line. */
  packages: string;
}

export interface LayerOptions {
  recipe: ImageRecipe;
  keys: Keys;
  /** Folder of all cached layers. */
  folder: string;
  /** Runs one step and tells the person who waits about it. */
  step: <T>(title: string, work: Promise<T>) => Promise<T>;
  signal?: AbortSignal | undefined;
}

/**
 * The layers of an image from bottom to top, each built only if the cache has none with its key: the system is shared by all images
 * with the same packages, and a change of an own file builds neither system nor Python packages anew.
 */
export async function layersOf(options: LayerOptions): Promise<CachedLayer[]> {
  const { recipe, keys, signal } = options;
  const system = await cached(options, keys.system, `Debian ${recipe.base.suite}`, async (root) => ({
    packages: await buildSystem(root, recipe, signal),
    paths: ['.'],
  }));
  const layers = [system];
  const { python } = recipe;
  if (keys.python !== undefined && python !== undefined) {
    const build = async (root: string) => {
      await unpackLayer(system.file, root, signal);
      return { packages: await buildPython(root, recipe, signal), paths: [python.target.slice(1)] };
    };
    layers.push(await cached(options, keys.python, 'Python packages', build));
  }
  const made = recipe.build;
  if (keys.built !== undefined && made !== undefined) {
    const below = [...layers];
    const build = async (root: string) => {
      for (const { file } of below) await unpackLayer(file, root, signal);
      await buildOutput(root, recipe, signal);
      return { packages: '', paths: [made.output.slice(1)] };
    };
    layers.push(await cached(options, keys.built, 'what is built inside', build));
  }
  if (keys.files !== undefined) {
    const build = async (root: string) => {
      await copyFiles(root, recipe);
      return { packages: '', paths: recipe.files.map(({ to }) => to.slice(1)) };
    };
    layers.push(await cached(options, keys.files, 'own files', build));
  }
  return layers;
}

type Build = (root: string) => Promise<{ packages: string; paths: string[] }>;

async function cached(options: LayerOptions, key: string, title: string, build: Build): Promise<CachedLayer> {
  const { folder, signal, step } = options;
  const home = join(folder, key);
  if (!existsSync(home)) {
    await fillOnce(home, folder, async (draft) => {
      const root = join(draft, 'root');
      await mkdir(root);
      const { packages, paths } = await step(title, build(root));
      const packed = await step(`${title}: packing`, packLayer(root, paths, join(draft, 'layer.tar.gz'), signal));
      await rm(root, { recursive: true });
      await writeFile(join(draft, 'packages.txt'), packages);
      await writeFile(join(draft, 'layer.json'), JSON.stringify(packed));
    });
  }
  const packed = JSON.parse(await readFile(join(home, 'layer.json'), 'utf8')) as PackedLayer;
  return { ...packed, file: join(home, 'layer.tar.gz'), packages: await readFile(join(home, 'packages.txt'), 'utf8') };
}
