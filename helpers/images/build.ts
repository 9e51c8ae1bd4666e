import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../cluster/provider.ts';
import { seconds } from '../format.ts';
import { keysOf } from './key.ts';
import type { Keys } from './key.ts';
import { layersOf } from './layers.ts';
import { writeLayout } from './layout.ts';
import { readRecipe } from './recipe.ts';
import type { ImageRecipe } from './recipe.ts';
import { requireBuildTools } from './tools.ts';
import { fillOnce } from './workspace.ts';

/** An image in the cache. */
export interface BuiltImage {
  name: string;
  /** The recipe's version and the beginning of the content key, so that a tag always means the same content. */
  tag: string;
  /** Digest of the manifest. */
  digest: string;
  /** Folder with an OCI image layout. */
  layout: string;
  /** Compressed bytes of all layers. */
  size: number;
  /** File that lists the Debian and Python packages that went in, with their versions. */
  packages: string;
}

export interface BuildOptions {
  /** Seatrial's cache folder; images go to `images` below it. */
  cacheFolder: string;
  progress: Progress;
  signal?: AbortSignal;
}

/** A step that takes longer is reported again and again, this often. */
const REPORT_EVERY_MS = 10_000;

/**
 * Builds the image of the recipe in `recipeFolder`, or takes it from the cache when nothing that goes in has changed: then no tool and no
 * root are needed. What is built is a pure function of the recipe, its files and the Debian packages of the day.
 * @throws UserError when the recipe has a mistake or the machine lacks a tool.
 */
export async function buildImage(recipeFolder: string, name: string, options: BuildOptions): Promise<BuiltImage> {
  const { cacheFolder, progress, signal } = options;
  const recipe = readRecipe(recipeFolder);
  const keys = keysOf(recipe);
  const folder = join(cacheFolder, 'images');
  const layout = join(folder, `${name.replaceAll('/', '_')}-${keys.image}`);
  if (!existsSync(layout)) {
    await requireBuildTools({ python: (recipe.python ?? recipe.build)?.requirements !== undefined });
    const started = performance.now();
    const step = <T>(title: string, work: Promise<T>) => reported(`image ${name}: ${title}`, work, progress);
    const layers = await layersOf({ recipe, keys, folder: join(folder, 'layers'), step, signal });
    await fillOnce(layout, folder, async (draft) => {
      await writeFile(`${draft}.txt`, layers.map(({ packages }) => packages).join(''));
      await rename(`${draft}.txt`, packagesFile(layout));
      const digest = await writeLayout(draft, recipe, layers);
      const size = layers.reduce((sum, layer) => sum + layer.size, 0);
      await writeFile(
        join(draft, 'seatrial.json'),
        JSON.stringify({ digest, size } satisfies Pick<BuiltImage, 'digest' | 'size'>),
      );
    });
    progress(`image ${name}: built in ${seconds(performance.now() - started)}`);
  }
  const { digest, size } = JSON.parse(await readFile(join(layout, 'seatrial.json'), 'utf8')) as Pick<
    BuiltImage,
    'digest' | 'size'
  >;
  return {
    name,
    tag: tagOf(recipe, keys),
    digest,
    layout,
    size,
    packages: packagesFile(layout),
  };
}

/** The tag that the image of the recipe in `recipeFolder` gets; it need not be built for that. @throws UserError when the recipe has a mistake. */
export function imageTag(recipeFolder: string): string {
  const recipe = readRecipe(recipeFolder);
  return tagOf(recipe, keysOf(recipe));
}

function tagOf({ version }: ImageRecipe, { image }: Keys): string {
  return `${version}-${image.slice(0, 12)}`;
}

function packagesFile(layout: string): string {
  return `${layout}.packages.txt`;
}

async function reported<T>(title: string, work: Promise<T>, progress: Progress): Promise<T> {
  const started = performance.now();
  progress(`${title} …`);
  const timer = setInterval(() => {
    progress(`${title} … ${seconds(performance.now() - started)}`);
  }, REPORT_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
