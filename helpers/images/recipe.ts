import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { readDocument, shortName } from '../config/document.ts';
import type { Document } from '../config/document.ts';
import { parseDeclaration } from '../config/explain.ts';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import { boundaryOf, problemOf, unsafeCopy } from '../target/boundary.ts';
import { requirementMistakes } from './requirements.ts';

/** What a Debian release brings along: its Python, and the minor version of its glibc 2, which limits the wheels that run on it. */
export const SUITES = {
  bookworm: { python: '3.11', glibcMinor: 36 },
  trixie: { python: '3.13', glibcMinor: 41 },
} as const;

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'must be the name of a Debian package');

const imagePath = z
  .string()
  .refine(
    (path) => isAbsolute(path) && normalize(path) === path && path !== '/' && !path.endsWith('/'),
    'must be an absolute path in the image, without "..", "//" or a "/" at the end',
  );

const recipePath = z
  .string()
  .refine(
    (path) => path !== '' && !isAbsolute(path) && !normalize(path).startsWith('..'),
    'must be a path below the folder of image.yaml',
  );

const owner = z.string().regex(/^\d+:\d+$/, 'must be numeric, as UID:GID, since the name may be unknown at run time');

const command = z.array(z.string()).min(1);

const recipeSchema = z.strictObject({
  version: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'must fit into an image tag: letters, digits, "_", "." and "-"')
    .describe('Version of what the image holds; first part of its tag'),
  base: z.strictObject({
    suite: z.enum(Object.keys(SUITES) as (keyof typeof SUITES)[]).describe('Debian release'),
    packages: z.array(packageName).default([]).describe('Debian packages beside the essential ones'),
  }),
  python: z
    .strictObject({
      requirements: recipePath.describe('Every package pinned with ==, each with its --hash lines (pip-compile style)'),
      target: imagePath.describe('Folder that the packages go to; put it on PYTHONPATH by `env`'),
      trim: z.array(recipePath).default([]).describe('The same for the Python packages, relative to `target`'),
    })
    .optional(),
  files: z
    .array(
      z.strictObject({
        from: recipePath.describe('File or folder'),
        to: imagePath,
        mode: z
          .string()
          .regex(/^0[0-7]{3}$/, 'must be octal and quoted, e.g. "0755"')
          .default('0644')
          .describe('Mode of the files; folders are 0755'),
        owner: owner.default('0:0'),
      }),
    )
    .default([]),
  run: z.array(command).default([]).describe('Commands inside the image after its packages are there; without network'),
  build: z
    .strictObject({
      requirements: recipePath
        .optional()
        .describe('Locked Python packages that are there while the commands run, and do not go into the image'),
      files: z.array(recipePath).min(1).describe('Files and folders that the commands find in their working folder'),
      run: z.array(command).min(1).describe('Commands inside the image with all its packages; without network'),
      output: imagePath.describe('Folder that the commands fill; nothing else that they leave goes into the image'),
    })
    .optional()
    .describe('Makes what is not written by hand, e.g. trains a model'),
  trim: z
    .array(imagePath)
    .default([])
    .describe('Files and folders of the Debian packages that are of no use at run time; "*" matches within a name'),
  user: owner.describe('Who runs the command'),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  entrypoint: command.optional(),
  cmd: command.optional(),
  workdir: imagePath.optional(),
  stopSignal: z
    .enum(['SIGTERM', 'SIGINT', 'SIGQUIT'])
    .optional()
    .describe('What asks the command to stop; default SIGTERM'),
  ports: z.array(z.int().min(1).max(65535)).default([]),
});

export type ImageRecipe = z.infer<typeof recipeSchema> & {
  /** Where image.yaml stands; relative paths are relative to it. */
  folder: string;
};

/**
 * Reads and validates `image.yaml`, and makes sure that all files it names are there. Executes nothing.
 * @throws UserError naming every mistake with file, line, field and the fix.
 */
export function readRecipe(folder: string): ImageRecipe {
  const file = join(folder, 'image.yaml');
  if (!existsSync(file)) {
    throw new UserError({
      what: 'The image recipe is missing',
      where: shortName(file),
      fix: 'write an image.yaml there, or correct the folder under `images:` in target.yaml',
    });
  }
  const document = readDocument(file);
  const parsed = parseDeclaration(recipeSchema, document);
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);
  const [first, ...rest] = contentMistakes(document, parsed.value, folder);
  if (first) throw new UserError(first, ...rest);
  return { ...parsed.value, folder };
}

/** What the schema cannot see: files that are not there, and parts that do not fit together. */
function contentMistakes(document: Document, recipe: z.infer<typeof recipeSchema>, folder: string): Mistake[] {
  const copied = [
    ...recipe.files.map(({ from }, index) => ({ from, path: ['files', index, 'from'] })),
    ...(recipe.build?.files ?? []).map((from, index) => ({ from, path: ['build', 'files', index] })),
  ];
  const mistakes: Mistake[] = copied.flatMap(({ from, path }) => {
    const what = notToBeCopied(from, folder);
    return what === undefined ? [] : [{ what, where: document.place(path), fix: 'correct the path' }];
  });
  const locks = (['python', 'build'] as const).flatMap((part) => {
    const file = recipe[part]?.requirements;
    return file === undefined ? [] : [{ file, where: document.place([part, 'requirements']) }];
  });
  if (locks.length > 0 && !recipe.base.packages.includes('python3')) {
    const where = document.place(['base', 'packages']);
    mistakes.push({ what: 'Python packages need an interpreter', where, fix: 'add python3' });
  }
  return [...mistakes, ...locks.flatMap(({ file, where }) => lockMistakes(folder, file, where))];
}

/** What goes into an image may come from the repository of the target, as whatever else the target names. */
function notToBeCopied(from: string, folder: string): string | undefined {
  const boundary = boundaryOf(folder);
  const full = join(folder, from);
  if (!existsSync(full)) return `${from} does not exist`;
  const problem = problemOf(from, folder, boundary)?.what;
  if (problem !== undefined || !statSync(full).isDirectory()) return problem;
  const unsafe = unsafeCopy(full, boundary);
  return unsafe === undefined ? undefined : `${from} ${unsafe}`;
}

function lockMistakes(folder: string, file: string, where: string): Mistake[] {
  const path = join(folder, file);
  if (problemOf(file, folder, boundaryOf(folder)) !== undefined || !statSync(path).isFile()) {
    return [{ what: `${file} is not a file`, where, fix: 'correct the path' }];
  }
  return requirementMistakes(shortName(path), readFileSync(path, 'utf8'));
}
